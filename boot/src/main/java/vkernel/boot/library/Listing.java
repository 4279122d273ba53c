package vkernel.boot.library;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vkernel.boot.compose.Json;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.rump.ErrnoException;
import vkernel.rump.FileTree;

/** Entries of a folder, in words. */
final class Listing {
    private static final String RIGHTS = "rwxrwxrwx";

    private Listing() {}

    /** As ls(1) shows a mode. */
    static String mode(int mode) {
        StringBuilder text = new StringBuilder().append(type(mode));
        for (int i = 0; i < RIGHTS.length(); i++) {
            text.append((mode >>> 8 - i & 1) != 0 ? RIGHTS.charAt(i) : '-');
        }
        special(text, 3, (mode & Mode.S_ISUID) != 0, 's');
        special(text, 6, (mode & Mode.S_ISGID) != 0, 's');
        special(text, 9, (mode & Mode.S_ISVTX) != 0, 't');
        return text.toString();
    }

    private static void special(StringBuilder text, int at, boolean set, char letter) {
        if (set) {
            text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
        }
    }

    private static char type(int mode) {
        return switch (mode & Mode.S_IFMT) {
            case Mode.S_IFDIR -> 'd';
            case Mode.S_IFLNK -> 'l';
            case Mode.S_IFCHR -> 'c';
            case Mode.S_IFBLK -> 'b';
            case Mode.S_IFIFO -> 'p';
            case Mode.S_IFSOCK -> 's';
            default -> '-';
        };
    }

    static String json(FileTree tree, List<FileTree.Entry> entries) throws ErrnoException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (FileTree.Entry entry : entries) {
            Inode inode = entry.inode();
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", entry.name());
            one.put("mode", mode(inode.mode));
            one.put("links", inode.nlink);
            one.put("uid", inode.uid);
            one.put("gid", inode.gid);
            one.put("size", inode.length());
            one.put("mtime", inode.mtime / 1_000_000_000);
            if (inode.symlink()) {
                one.put("target", tree.target(inode));
            }
            all.add(one);
        }
        return Json.of(all);
    }
}
