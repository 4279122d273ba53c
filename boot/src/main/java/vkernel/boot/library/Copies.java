package vkernel.boot.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import vkernel.fs.Inode;
import vkernel.rump.FileTree;

/** Copies between an image and the host: files, folders with all in them, symbolic links as they are. */
final class Copies {
    private static final List<PosixFilePermission> BITS = List.of(
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_READ);

    private final FileTree tree;
    private int left;

    Copies(FileTree tree) {
        this.tree = tree;
    }

    /** Devices, sockets and FIFOs that were not copied. */
    int left() {
        return left;
    }

    void out(Inode from, Path to) throws IOException {
        if (from.directory()) {
            Files.createDirectories(to);
            for (FileTree.Entry entry : tree.list(from)) {
                if (entry.name().indexOf('/') < 0) {
                    out(entry.inode(), to.resolve(entry.name()));
                }
            }
        } else if (from.symlink()) {
            Files.deleteIfExists(to);
            Files.createSymbolicLink(to, Path.of(tree.target(from)));
            return;
        } else if (from.regular()) {
            if (Files.isSymbolicLink(to)) {
                Files.delete(to); // or the file that it leads to would be written
            }
            try (OutputStream file = Files.newOutputStream(to)) {
                tree.read(from, file);
            }
        } else {
            left++;
            return;
        }
        Set<PosixFilePermission> permissions = new TreeSet<>();
        for (int bit = 0; bit < BITS.size(); bit++) {
            if ((from.mode >>> bit & 1) != 0) {
                permissions.add(BITS.get(bit));
            }
        }
        Files.setLastModifiedTime(to, FileTime.from(from.mtime, TimeUnit.NANOSECONDS));
        Files.setPosixFilePermissions(to, permissions);
    }

    void in(Path from, Inode dir, String name) throws IOException {
        Map<String, Object> said = Files.readAttributes(from, "posix:*", LinkOption.NOFOLLOW_LINKS);
        int permissions = 0;
        for (int bit = 0; bit < BITS.size(); bit++) {
            permissions |= ((Set<?>) said.get("permissions")).contains(BITS.get(bit)) ? 1 << bit : 0;
        }
        Inode made;
        if (Files.isSymbolicLink(from)) {
            tree.link(dir, name, Files.readSymbolicLink(from).toString());
            return;
        } else if (Files.isDirectory(from)) {
            made = tree.folder(dir, name, permissions);
            try (Stream<Path> children = Files.list(from)) {
                for (Path child : children.sorted().toList()) {
                    in(child, made, String.valueOf(child.getFileName()));
                }
            }
        } else if (Files.isRegularFile(from)) {
            try (InputStream file = Files.newInputStream(from)) {
                made = tree.write(dir, name, permissions, file);
            }
        } else {
            left++;
            return;
        }
        long mtime = ((FileTime) said.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS);
        tree.attributes(made, permissions, made.uid, made.gid, mtime);
    }
}
