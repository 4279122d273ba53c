package vkernel.guest.fs.ext;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.BlockMap;
import vkernel.fs.DiskInode;
import vkernel.fs.Inode;

/** Where the blocks of files lie: read whole, changed in memory, and written again as far as it differs. */
final class Maps {
    private final Mounted fs;

    Maps(Mounted fs) {
        this.fs = fs;
    }

    static boolean extents(byte[] raw) {
        return (Inodes.flags(raw) & Inodes.EXTENTS_FL) != 0;
    }

    /** Where a file's blocks lie; not to be changed. */
    BlockMap load(Op op, Inode inode) throws Halt {
        BlockMap own = op.changedMap(inode);
        if (own != null) {
            return own;
        }
        DiskInode data = Inodes.data(inode);
        BlockMap known = data.map;
        if (known == null) {
            known = read(op, inode.ino, data.raw);
            data.map = known;
        }
        return known;
    }

    BlockMap read(Op op, long ino, byte[] raw) throws Halt {
        return extents(raw) ? new ExtentTree(fs, ino, raw).load(op) : new IndirectTree(fs.layout, ino, raw).load(op);
    }

    /** Writes a map that an operation has changed into the inode and its blocks. */
    void save(Op op, Inode inode) throws Halt {
        BlockMap map = op.changedMap(inode);
        byte[] raw = op.raw(inode);
        if (map == null) {
            return;
        }
        long before = map.nodes.length;
        long goal = map.count > 0 ? map.physical[map.count - 1] + map.length[map.count - 1] : fs.allocator.near(inode);
        if (extents(raw)) {
            new ExtentTree(fs, inode.ino, raw).save(op, map, goal);
        } else {
            new IndirectTree(fs.layout, inode.ino, raw).save(op, map, fs, goal);
        }
        fs.inodes.blocks(raw, map.nodes.length - before);
    }

    /**
     * Gives blocks of a file places, where it has none. What was there and never written is marked written.
     *
     * @param end block behind the last
     */
    void allocate(Op op, Inode inode, long first, long end, boolean unwritten) throws Halt {
        BlockMap map = op.map(inode);
        long at = first;
        while (at < end) {
            int run = map.find(at);
            if (run < 0) {
                int next = -1 - run;
                long gap = next < map.count ? map.logical[next] : Long.MAX_VALUE;
                at += take(op, inode, map, next, at, (int) Math.min(Math.min(end, gap) - at, (1 << 15) - 1), unwritten);
            } else {
                if (map.unwritten[run] && !unwritten) {
                    run = written(map, run, at, Math.min(end, map.logical[run] + map.length[run]));
                }
                at = map.logical[run] + map.length[run];
            }
        }
    }

    /** @return blocks taken */
    private int take(Op op, Inode inode, BlockMap map, int next, long at, int most, boolean unwritten) throws Halt {
        long goal = next > 0 ? map.physical[next - 1] + (at - map.logical[next - 1]) : fs.allocator.near(inode);
        long[] got = fs.allocator.blocks(op, goal, most);
        fs.inodes.blocks(op.raw(inode), got[1]);
        boolean joins = next > 0
                && map.logical[next - 1] + map.length[next - 1] == at
                && map.physical[next - 1] + map.length[next - 1] == got[0]
                && map.unwritten[next - 1] == unwritten
                && map.length[next - 1] + got[1] < 1 << 15;
        if (joins) {
            map.length[next - 1] += (int) got[1];
        } else {
            map.insert(next, at, got[0], (int) got[1], unwritten);
        }
        return (int) got[1];
    }

    /** Marks a part of a run as written. @return the run that is that part */
    private static int written(BlockMap map, int run, long from, long to) {
        long start = map.logical[run];
        long disk = map.physical[run];
        int length = map.length[run];
        int at = run;
        map.remove(run);
        if (from > start) {
            map.insert(at++, start, disk, (int) (from - start), true);
        }
        map.insert(at, from, disk + (from - start), (int) (to - from), false);
        if (to < start + length) {
            map.insert(at + 1, to, disk + (to - start), (int) (start + length - to), true);
        }
        return at;
    }

    /** As {@link vkernel.fs.FileSystemType#places} has them. @param bytes how many, whole pages */
    long @Nullable [][] places(BlockMap map, long bytes) {
        int size = fs.layout.blockSize;
        List<long[]> runs = new ArrayList<>();
        for (long at = 0; at < bytes; ) {
            int run = map.find(at / size);
            if (run < 0) {
                return null;
            }
            long into = at - map.logical[run] * size;
            long length = Math.min((long) map.length[run] * size - into, bytes - at) & -Layout.PAGE;
            if (length > 0) {
                runs.add(new long[] {map.physical[run] * size + into, length});
            } else if (at == 0) {
                return null;
            }
            at += length > 0 ? length : size;
        }
        return runs.toArray(long[][]::new);
    }

    /** Gives back what lies in a range of blocks of a file. */
    void cut(Op op, Inode inode, long from, long to) throws Halt {
        BlockMap map = op.map(inode);
        long given = 0;
        for (int run = map.count - 1; run >= 0 && map.logical[run] + map.length[run] > from; run--) {
            long start = map.logical[run];
            long end = start + map.length[run];
            long first = Math.max(start, from);
            long last = Math.min(end, to);
            if (first >= last) {
                continue;
            }
            long disk = map.physical[run];
            boolean fresh = map.unwritten[run];
            fs.allocator.free(op, disk + (first - start), (int) (last - first));
            given += last - first;
            map.remove(run);
            if (last < end) {
                map.insert(run, last, disk + (last - start), (int) (end - last), fresh);
            }
            if (start < first) {
                map.insert(run, start, disk, (int) (first - start), fresh);
            }
        }
        fs.inodes.blocks(op.raw(inode), -given);
        if (given > 0) {
            save(op, inode);
        }
    }
}
