package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u32;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vkernel.fs.BlockMap;
import vkernel.fs.Dentry;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.kern.Errno;

/**
 * Looks whether a file system fits together, as e2fsck(8) does with {@code -n}: every block belongs to one file, every file
 * is in a folder as often as it says, and the bitmaps and counts say the same. Checksums are looked at by who reads.
 */
final class Check {
    private static final int HUGE_FILE_FL = 0x4_0000;
    private static final int RESIZE = 7;
    /** Where the super block names the file of orphans. */
    private static final int ORPHAN_FILE = 0x280;
    /** More links than this are counted as one, in a folder. */
    private static final int MOST_LINKS = 64_999;

    /** A file as its inode says. */
    private record File(int mode, int links) {}

    private final Mounted fs;
    private final Layout layout;
    private final Consumer<String> report;
    private final BitSet used = new BitSet();
    private final BitSet shared = new BitSet();
    private final Map<Long, File> files = new HashMap<>();
    private final Map<Long, Integer> names = new HashMap<>();
    private int faults;

    private Check(Mounted fs, Consumer<String> report) {
        this.fs = fs;
        this.layout = fs.layout;
        this.report = report;
    }

    /** @param report told each thing that is wrong @return how many there were */
    static int run(Mounted fs, Consumer<String> report) {
        Check check = new Check(fs, report);
        for (int group = 0; group < check.layout.groups; group++) {
            check.own(group);
        }
        for (int group = 0; group < check.layout.groups; group++) {
            check.inodes(group);
        }
        check.files.forEach((ino, file) -> {
            if ((file.mode & Mode.S_IFMT) == Mode.S_IFDIR) {
                check.folder(ino);
            }
        });
        check.files.forEach(check::links);
        long free = 0;
        for (int group = 0; group < check.layout.groups; group++) {
            free += check.bitmap(group);
        }
        check.same("free blocks of the super block", fs.volume.freeBlocks, free);
        return check.faults;
    }

    private void fault(String what, Object... values) {
        faults++;
        report.accept(what.formatted(values));
    }

    private void same(String what, long said, long counted) {
        if (said != counted) {
            fault("%s: %d, counted %d", what, said, counted);
        }
    }

    /** @return null when it could not be read, which has been told */
    private <T> @Nullable T look(String what, Mounted.Action<T> action) {
        while (true) {
            try {
                return action.run(new Op(fs));
            } catch (Halt halt) {
                if (halt.error != 0) {
                    fault("%s: %s", what, halt.damage().isEmpty() ? Errno.name(-halt.error) : halt.damage());
                    return null;
                }
                fs.blocks.bring(null, halt.block);
            }
        }
    }

    // --- who has which block ----------------------------------------------------------------------------------------

    private void take(long block, String who) {
        if (block < layout.firstData || block >= layout.blocks) {
            fault("%s has block %d, which is outside", who, block);
        } else if (used.get((int) block)) {
            fault("%s has block %d, which is somebody else's too", who, block);
        } else {
            used.set((int) block);
        }
    }

    /** What the file system itself takes for a group. */
    private void own(int group) {
        if (layout.hasSuper(group)) {
            long start = layout.groupStart(group);
            int head = Math.min(1 + layout.descBlocks() + layout.reservedGdt, layout.groupBlocks(group));
            used.set((int) start, (int) start + head);
        }
        Groups.Desc desc = look("group " + group, op -> fs.groups.read(op, group));
        if (desc != null) {
            String who = "group " + group;
            take(fs.groups.blockBitmap(desc), who);
            take(fs.groups.inodeBitmap(desc), who);
            int table = (layout.inodesPerGroup + layout.inodesPerBlock() - 1) / layout.inodesPerBlock();
            for (int i = 0; i < table; i++) {
                take(fs.groups.inodeTable(desc) + i, who);
            }
        }
    }

    private void inodes(int group) {
        byte[] bitmap = look("inodes of group " + group, op -> fs.groups.inodeBitmap(op, group));
        Groups.Desc desc = look("group " + group, op -> fs.groups.read(op, group));
        if (bitmap == null || desc == null) {
            return;
        }
        int free = 0;
        int folders = 0;
        for (int bit = 0; bit < layout.inodesPerGroup; bit++) {
            long ino = (long) group * layout.inodesPerGroup + bit + 1;
            if (!Groups.get(bitmap, bit)) {
                free++;
            } else if (ino >= layout.firstInode || ino == Layout.ROOT || ino == Layout.JOURNAL || ino == RESIZE) {
                folders += inode(ino) ? 1 : 0;
            }
        }
        same("free inodes of group " + group, fs.groups.freeInodes(desc), free);
        same("folders of group " + group, fs.groups.directories(desc), folders);
    }

    /** @return whether it is a folder */
    private boolean inode(long ino) {
        String who = "inode " + ino;
        byte[] raw = look(who, op -> fs.inodes.load(op, ino));
        if (raw == null) {
            return false;
        }
        int mode = u16(raw, 0);
        int type = mode & Mode.S_IFMT;
        if (mode == 0) {
            if (ino >= layout.firstInode) {
                fault("%s is in use, and nothing is in it", who);
            }
            return false;
        }
        if (ino >= layout.firstInode || ino == Layout.ROOT) {
            files.put(ino, new File(mode, u16(raw, 0x1a)));
        }
        long acl = Xattrs.block(raw);
        if (acl != 0 && !shared.get((int) acl)) {
            shared.set((int) acl);
            take(acl, "the attributes of " + who);
        }
        long blocks = (u32(raw, 0x1c) | (long) u16(raw, 0x74) << 32) - (acl != 0 ? layout.blockSize / 512 : 0);
        boolean inline = type == Mode.S_IFLNK && blocks == 0;
        if ((type == Mode.S_IFREG || type == Mode.S_IFDIR || type == Mode.S_IFLNK) && !inline) {
            blocks(ino, who, raw, blocks);
        }
        return type == Mode.S_IFDIR;
    }

    private void blocks(long ino, String who, byte[] raw, long sectors) {
        BlockMap map = look(who, op -> fs.maps.read(op, ino, raw));
        if (map == null) {
            return;
        }
        long count = map.nodes.length;
        for (long node : map.nodes) {
            // those of the inode that keeps room for descriptors lie in that room
            if (ino != RESIZE || !used.get((int) node)) {
                take(node, who);
            }
        }
        for (int run = 0; run < map.count; run++) {
            count += map.length[run];
            for (long i = 0; i < map.length[run] && ino != RESIZE; i++) {
                take(map.physical[run] + i, who);
            }
        }
        if ((Inodes.flags(raw) & HUGE_FILE_FL) == 0 && ino != RESIZE) {
            same("sectors of " + who, sectors, count * (layout.blockSize / 512));
        }
    }

    // --- who is in which folder -------------------------------------------------------------------------------------

    private void folder(long ino) {
        String who = "folder " + ino;
        Inode dir = look(who, op -> fs.inodes.get(op, ino));
        if (dir == null) {
            return;
        }
        Dentry dentry = new Dentry(null, "", dir);
        OpenFile file = new OpenFile(new Path(new Mount(1, fs.sb, dentry, null, 0), dentry), fs.sb.type, 0);
        look(who, op -> {
            fs.directories.list(op, file, (name, to, type, next) -> {
                name(who, ino, name, to, type);
                return true;
            });
            return true;
        });
    }

    private void name(String who, long dir, String name, long to, int type) {
        File file = files.get(to);
        if (file == null) {
            fault("%s: %s leads to inode %d, which is not in use", who, name, to);
        } else if (name.equals(".") && to != dir) {
            fault("%s: it calls inode %d itself", who, to);
        } else {
            names.merge(to, 1, Integer::sum);
            if (type != 0 && type != file.mode >>> 12) {
                fault("%s: %s is of another type than inode %d", who, name, to);
            }
        }
    }

    private void links(long ino, File file) {
        int counted = names.getOrDefault(ino, 0);
        boolean folder = (file.mode & Mode.S_IFMT) == Mode.S_IFDIR;
        if (ino == u32(fs.volume.superBlock, ORPHAN_FILE) && (layout.compat & Layout.ORPHAN_FILE) != 0) {
            return;
        }
        if (counted <= (folder && ino != Layout.ROOT ? 1 : 0)) {
            fault("inode %d is in no folder", ino);
        } else if (!(folder && file.links == 1 && counted > MOST_LINKS)) {
            same("links of inode " + ino, file.links, counted);
        }
    }

    // --- what is said to be in use ----------------------------------------------------------------------------------

    /** @return free blocks */
    private long bitmap(int group) {
        byte[] bitmap = look(
                "blocks of group " + group,
                op -> fs.groups.blockBitmap(op, group).clone());
        Groups.Desc desc = look("group " + group, op -> fs.groups.read(op, group));
        if (bitmap == null || desc == null) {
            return 0;
        }
        long start = layout.groupStart(group);
        int free = 0;
        int lost = 0;
        for (int bit = 0; bit < layout.groupBlocks(group); bit++) {
            boolean taken = used.get((int) start + bit);
            free += taken ? 0 : 1;
            if (taken && !Groups.get(bitmap, bit)) {
                fault("block %d is in use, and its bitmap says that it is free", start + bit);
            } else if (!taken && Groups.get(bitmap, bit)) {
                lost++;
            }
        }
        if (lost > 0) {
            fault("group %d: %d blocks are nobody's, and its bitmap says that they are in use", group, lost);
        }
        same("free blocks of group " + group, fs.groups.freeBlocks(desc), free);
        return free;
    }
}
