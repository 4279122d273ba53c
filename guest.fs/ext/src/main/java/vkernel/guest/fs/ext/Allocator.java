package vkernel.guest.fs.ext;

import vkernel.fs.Inode;

/** Which blocks and inodes are given to whom (Linux: fs/ext4/balloc.c, ialloc.c): near what belongs together. */
final class Allocator {
    private final Mounted fs;
    private final Layout layout;
    private final Groups groups;

    Allocator(Mounted fs) {
        this.fs = fs;
        this.layout = fs.layout;
        this.groups = fs.groups;
    }

    /** Where a file's blocks are looked for first: in the group of its inode. */
    long near(Inode inode) {
        int group = (int) ((inode.ino - 1) / layout.inodesPerGroup);
        return layout.groupStart(group);
    }

    /**
     * Takes free blocks that lie together.
     *
     * @param goal where to look first
     * @param most how many are wanted
     * @return first block and number, at least 1
     */
    long[] blocks(Op op, long goal, int most) throws Halt {
        if (op.free() <= 0) {
            throw Halt.noSpace();
        }
        int first = layout.valid(goal) ? layout.group(goal) : 0;
        for (int i = 0; i <= layout.groups; i++) {
            int group = (first + i) % layout.groups;
            if (groups.freeBlocks(groups.read(op, group)) == 0) {
                continue;
            }
            int from = i == 0 && layout.valid(goal) ? (int) (goal - layout.groupStart(group)) : 0;
            long[] run = inGroup(op, group, from, most);
            if (run.length > 0) {
                return run;
            }
        }
        throw Halt.noSpace();
    }

    private long[] inGroup(Op op, int group, int from, int most) throws Halt {
        byte[] bitmap = groups.blockBitmap(op, group);
        int size = layout.groupBlocks(group);
        long start = layout.groupStart(group);
        int bit = Groups.free(bitmap, from, size);
        for (long end = bit < size ? op.freedUntil(start + bit) : 0; end > start + bit; ) {
            bit = Groups.free(bitmap, (int) Math.min(end - start, size), size);
            end = bit < size ? op.freedUntil(start + bit) : 0;
        }
        if (bit >= size) {
            return new long[0];
        }
        long room = Math.min(size - bit, Math.min(most, op.freedFrom(start + bit) - start - bit));
        int length = 0;
        while (length < room && !Groups.get(bitmap, bit + length)) {
            Groups.set(bitmap, bit + length);
            length++;
        }
        groups.blocksChanged(op, group, bitmap, length);
        op.taken(length);
        return new long[] {start + bit, length};
    }

    /** Gives a run of blocks back. */
    void free(Op op, long first, int length) throws Halt {
        long at = first;
        int left = length;
        while (left > 0) {
            if (!layout.valid(at)) {
                throw Halt.damaged("block %d is to be given back", at);
            }
            int group = layout.group(at);
            int bit = (int) (at - layout.groupStart(group));
            int n = Math.min(left, layout.groupBlocks(group) - bit);
            byte[] bitmap = groups.blockBitmap(op, group);
            for (int i = 0; i < n; i++) {
                if (!Groups.get(bitmap, bit + i)) {
                    throw Halt.damaged("block %d is given back twice", at + i);
                }
                Groups.clear(bitmap, bit + i);
            }
            groups.blocksChanged(op, group, bitmap, -n);
            at += n;
            left -= n;
        }
        op.freed(first, length);
    }

    /** Takes an inode near a directory; a new directory goes where there is room. @return its number */
    long inode(Op op, Inode dir, boolean directory) throws Halt {
        int parent = (int) ((dir.ino - 1) / layout.inodesPerGroup);
        int first = directory ? roomy(op, parent) : parent;
        for (int i = 0; i < layout.groups; i++) {
            int group = (first + i) % layout.groups;
            if (groups.freeInodes(groups.read(op, group)) == 0) {
                continue;
            }
            byte[] bitmap = groups.inodeBitmap(op, group);
            int bit = Groups.free(bitmap, group == 0 ? layout.firstInode - 1 : 0, layout.inodesPerGroup);
            if (bit < layout.inodesPerGroup) {
                Groups.set(bitmap, bit);
                groups.inodesChanged(op, group, bitmap, bit, 1, directory ? 1 : 0);
                op.inodes(1);
                return (long) group * layout.inodesPerGroup + bit + 1;
            }
        }
        throw Halt.noSpace();
    }

    /** A group with at least as many free inodes and blocks as most have. */
    private int roomy(Op op, int parent) throws Halt {
        long inodes = fs.volume.freeInodes / layout.groups;
        long blocks = fs.volume.freeBlocks / layout.groups;
        for (int i = 0; i < Math.min(layout.groups, 64); i++) {
            int group = (parent + i) % layout.groups;
            Groups.Desc desc = groups.read(op, group);
            if (groups.freeInodes(desc) >= inodes && groups.freeBlocks(desc) >= blocks) {
                return group;
            }
        }
        return parent;
    }

    void freeInode(Op op, long ino, boolean directory) throws Halt {
        int group = (int) ((ino - 1) / layout.inodesPerGroup);
        int bit = (int) ((ino - 1) % layout.inodesPerGroup);
        byte[] bitmap = groups.inodeBitmap(op, group);
        if (!Groups.get(bitmap, bit)) {
            throw Halt.damaged("inode %d is given back twice", ino);
        }
        Groups.clear(bitmap, bit);
        groups.inodesChanged(op, group, bitmap, -1, -1, directory ? -1 : 0);
        op.inodes(-1);
    }
}
