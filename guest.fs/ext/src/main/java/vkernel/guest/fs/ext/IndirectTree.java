package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.put32;
import static vkernel.guest.fs.ext.Le.u32;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vkernel.fs.BlockMap;

/**
 * The map of a file's blocks of ext2 and ext3: twelve numbers, then blocks of numbers, blocks of those, and once more.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/ifork.html#direct-indirect-block-addressing">block maps</a>
 */
final class IndirectTree {
    private static final int DIRECT = 12;
    private static final int LEVELS = 3;
    private static final int MOST_NODES = 1 << 16;

    private final Layout layout;
    private final long ino;
    private final byte[] raw;
    private final int perBlock;
    private final List<Long> nodes = new ArrayList<>();

    IndirectTree(Layout layout, long ino, byte[] raw) {
        this.layout = layout;
        this.ino = ino;
        this.raw = raw;
        perBlock = layout.blockSize / 4;
    }

    BlockMap load(Op op) throws Halt {
        BlockMap map = new BlockMap();
        for (int i = 0; i < DIRECT; i++) {
            add(map, i, u32(raw, Inodes.BLOCK + 4 * i));
        }
        long first = DIRECT;
        long span = perBlock;
        for (int level = 1; level <= LEVELS; level++) {
            long top = u32(raw, Inodes.BLOCK + 4 * (DIRECT + level - 1));
            if (top != 0) {
                read(op, top, level, first, span / perBlock, map);
            }
            first += span;
            span *= perBlock;
        }
        map.nodes = nodes.stream().mapToLong(Long::longValue).toArray();
        return map;
    }

    /** @param span blocks of the file below one number */
    private void read(Op op, long block, int level, long first, long span, BlockMap map) throws Halt {
        if (!layout.valid(block) || nodes.size() >= MOST_NODES) {
            throw Halt.damaged("inode %d has its block map in block %d", ino, block);
        }
        nodes.add(block);
        byte[] numbers = op.read(block);
        for (int i = 0; i < perBlock; i++) {
            long number = u32(numbers, 4 * i);
            if (number == 0) {
                continue;
            }
            if (level == 1) {
                add(map, first + i, number);
            } else {
                read(op, number, level - 1, first + i * span, span / perBlock, map);
            }
        }
    }

    private void add(BlockMap map, long logical, long block) throws Halt {
        if (block == 0) {
            return;
        }
        if (!layout.valid(block)) {
            throw Halt.damaged("inode %d has block %d", ino, block);
        }
        int last = map.count - 1;
        boolean joins = last >= 0
                && map.logical[last] + map.length[last] == logical
                && map.physical[last] + map.length[last] == block;
        if (joins) {
            map.length[last]++;
        } else {
            map.insert(map.count, logical, block, 1, false);
        }
    }

    // --- writing ----------------------------------------------------------------------------------------------------

    private final List<Long> free = new ArrayList<>();

    /** Writes a map; what is the same as before is left alone. */
    void save(Op op, BlockMap map, Mounted fs, long goal) throws Halt {
        for (long node : map.nodes) {
            free.add(node);
        }
        Arrays.fill(raw, Inodes.BLOCK, Inodes.BLOCK + Inodes.BLOCK_BYTES, (byte) 0);
        for (int i = 0; i < DIRECT; i++) {
            put32(raw, Inodes.BLOCK + 4 * i, map.place(i));
        }
        long first = DIRECT;
        long span = perBlock;
        for (int level = 1; level <= LEVELS; level++) {
            long top = write(op, map, fs, goal, level, first, span / perBlock);
            put32(raw, Inodes.BLOCK + 4 * (DIRECT + level - 1), top);
            first += span;
            span *= perBlock;
        }
        if (map.count > 0 && map.logical[map.count - 1] + map.length[map.count - 1] > first) {
            throw Halt.error(vkernel.kern.Errno.EFBIG);
        }
        for (long block : free) {
            fs.allocator.free(op, block, 1);
        }
        map.nodes = nodes.stream().mapToLong(Long::longValue).toArray();
    }

    /** @return the block in which the numbers are; 0 when there are none */
    private long write(Op op, BlockMap map, Mounted fs, long goal, int level, long first, long span) throws Halt {
        int run = map.find(first);
        int next = run < 0 ? -1 - run : run;
        if (next >= map.count || map.logical[next] >= first + span * perBlock) {
            return 0;
        }
        long block = free.isEmpty() ? fs.allocator.blocks(op, goal, 1)[0] : free.removeFirst();
        nodes.add(block);
        byte[] numbers = new byte[layout.blockSize];
        for (int i = 0; i < perBlock; i++) {
            long at = first + i * span;
            long number = level == 1 ? map.place(at) : write(op, map, fs, goal, level - 1, at, span / perBlock);
            put32(numbers, 4 * i, number);
        }
        if (!op.same(block, numbers)) {
            System.arraycopy(numbers, 0, op.fresh(block), 0, numbers.length);
        }
        return block;
    }
}
