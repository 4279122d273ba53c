package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.i32;
import static vkernel.guest.fs.ext.Le.put16;
import static vkernel.guest.fs.ext.Le.put32;
import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u32;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vkernel.fs.BlockMap;

/**
 * The map of a file's blocks as a tree of extents. It is read whole; written, the leaves are filled from the first on and
 * what is the same as before is left alone, so that a file that grows changes its last leaf only.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/ifork.html#extent-tree">extent tree</a>
 */
final class ExtentTree {
    private static final int MAGIC = 0xf30a;
    private static final int HEADER = 12;
    private static final int ENTRY = 12;
    private static final int IN_INODE = 4;
    private static final int MOST_DEPTH = 5;
    /** A length above it means blocks that were never written. */
    private static final int MOST_WRITTEN = 1 << 15;
    /** Most runs of one file that are kept in memory. */
    private static final int MOST_RUNS = 1 << 21;

    private final Mounted fs;
    private final Layout layout;
    private final long ino;
    private final byte[] raw;
    private final int perBlock;

    ExtentTree(Mounted fs, long ino, byte[] raw) {
        this.fs = fs;
        this.layout = fs.layout;
        this.ino = ino;
        this.raw = raw;
        perBlock = (layout.blockSize - HEADER - 4) / ENTRY;
    }

    /** Writes a tree without extents into an inode. */
    static void empty(byte[] raw) {
        Arrays.fill(raw, Inodes.BLOCK, Inodes.BLOCK + Inodes.BLOCK_BYTES, (byte) 0);
        header(raw, Inodes.BLOCK, 0, IN_INODE, 0);
    }

    private static void header(byte[] to, int at, int entries, int most, int depth) {
        put16(to, at, MAGIC);
        put16(to, at + 2, entries);
        put16(to, at + 4, most);
        put16(to, at + 6, depth);
    }

    BlockMap load(Op op) throws Halt {
        BlockMap map = new BlockMap();
        List<Long> nodes = new ArrayList<>();
        int depth = u16(raw, Inodes.BLOCK + 6);
        node(op, raw, Inodes.BLOCK, IN_INODE, depth, map, nodes);
        map.nodes = nodes.stream().mapToLong(Long::longValue).toArray();
        return map;
    }

    private void node(Op op, byte[] block, int at, int room, int depth, BlockMap map, List<Long> nodes) throws Halt {
        int entries = u16(block, at + 2);
        boolean sound = u16(block, at) == MAGIC && u16(block, at + 6) == depth && depth <= MOST_DEPTH;
        if (!sound || entries > u16(block, at + 4) || u16(block, at + 4) > room) {
            throw Halt.damaged("inode %d has a bad extent tree", ino);
        }
        for (int i = 0; i < entries; i++) {
            int entry = at + HEADER + i * ENTRY;
            if (depth == 0) {
                leaf(block, entry, map);
            } else {
                child(op, u32(block, entry + 4) | (long) u16(block, entry + 8) << 32, depth - 1, map, nodes);
            }
        }
    }

    private void child(Op op, long block, int depth, BlockMap map, List<Long> nodes) throws Halt {
        if (!layout.valid(block) || nodes.size() > MOST_RUNS) {
            throw Halt.damaged("inode %d has an extent tree in block %d", ino, block);
        }
        byte[] bytes = op.read(block);
        if (layout.checksums && op.unverified(block, bytes)) {
            if (sum(bytes) != i32(bytes, tail(bytes))) {
                throw Halt.damaged("the checksum of extent block %d of inode %d is wrong", block, ino);
            }
            op.verified(block, bytes);
        }
        nodes.add(block);
        node(op, bytes, 0, perBlock, depth, map, nodes);
    }

    private static int tail(byte[] block) {
        return Math.min(HEADER + ENTRY * u16(block, 4), block.length - 4);
    }

    private int sum(byte[] block) {
        return Crc.of(fs.inodes.seed(ino, raw), block, 0, tail(block));
    }

    private void leaf(byte[] block, int at, BlockMap map) throws Halt {
        long first = u32(block, at);
        int length = u16(block, at + 4);
        long disk = u32(block, at + 8) | (long) u16(block, at + 6) << 32;
        boolean unwritten = length > MOST_WRITTEN;
        int blocks = unwritten ? length - MOST_WRITTEN : length;
        long end = map.count == 0 ? 0 : map.logical[map.count - 1] + map.length[map.count - 1];
        boolean inside = layout.valid(disk) && disk + blocks <= layout.blocks;
        if (blocks == 0 || first < end || !inside || map.count >= MOST_RUNS) {
            throw Halt.damaged("inode %d has a bad extent: %d blocks from %d at %d", ino, blocks, first, disk);
        }
        map.insert(map.count, first, disk, blocks, unwritten);
    }

    // --- writing ----------------------------------------------------------------------------------------------------

    /** Writes a map. @param goal where blocks of the tree are wanted */
    void save(Op op, BlockMap map, long goal) throws Halt {
        long[] old = map.nodes;
        List<Long> free = new ArrayList<>();
        for (long node : old) {
            free.add(node);
        }
        List<Long> used = new ArrayList<>();
        int count = map.count;
        int depth = 0;
        long[] firsts = Arrays.copyOf(map.logical, count);
        long[] below = {};
        while (count > IN_INODE) {
            int nodes = (count + perBlock - 1) / perBlock;
            long[] nextFirsts = new long[nodes];
            long[] nextBelow = new long[nodes];
            for (int n = 0; n < nodes; n++) {
                int from = n * perBlock;
                long block = place(op, free, goal);
                used.add(block);
                byte[] bytes = new byte[layout.blockSize];
                entries(bytes, 0, perBlock, depth, map, firsts, below, from, Math.min(count, from + perBlock));
                if (layout.checksums) {
                    put32(bytes, tail(bytes), sum(bytes));
                }
                put(op, block, bytes);
                nextFirsts[n] = firsts[from];
                nextBelow[n] = block;
            }
            firsts = nextFirsts;
            below = nextBelow;
            count = nodes;
            depth++;
        }
        empty(raw);
        entries(raw, Inodes.BLOCK, IN_INODE, depth, map, firsts, below, 0, count);
        for (long block : free) {
            fs.allocator.free(op, block, 1);
        }
        map.nodes = used.stream().mapToLong(Long::longValue).toArray();
    }

    private long place(Op op, List<Long> free, long goal) throws Halt {
        return free.isEmpty() ? fs.allocator.blocks(op, goal, 1)[0] : free.removeFirst();
    }

    private static void put(Op op, long block, byte[] bytes) throws Halt {
        if (!op.same(block, bytes)) {
            System.arraycopy(bytes, 0, op.fresh(block), 0, bytes.length);
        }
    }

    private static void entries(
            byte[] to, int at, int room, int depth, BlockMap map, long[] firsts, long[] below, int from, int end) {
        header(to, at, end - from, room, depth);
        for (int i = from; i < end; i++) {
            int entry = at + HEADER + (i - from) * ENTRY;
            put32(to, entry, firsts[i]);
            if (depth > 0) {
                put32(to, entry + 4, below[i]);
                put16(to, entry + 8, (int) (below[i] >>> 32));
            } else {
                put16(to, entry + 4, map.length[i] + (map.unwritten[i] ? MOST_WRITTEN : 0));
                put16(to, entry + 6, (int) (map.physical[i] >>> 32));
                put32(to, entry + 8, map.physical[i]);
            }
        }
    }
}
