package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.i32;
import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u8;

import java.util.ArrayList;
import java.util.List;

/**
 * The index of a hashed directory: which blocks it takes, and their checksums.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/directory.html#hash-tree-directories">hash tree directories</a>
 */
final class HashIndex {
    private static final int ROOT_ENTRIES = 32;
    private static final int NODE_ENTRIES = 8;
    private static final int ROOT_INFO = 24;
    private static final int MOST_LEVELS = 3;

    /** Reads a block of the directory. */
    @FunctionalInterface
    interface Reader {
        byte[] read(int index) throws Halt;
    }

    /** The blocks of the index, the root first. */
    static List<Integer> blocks(byte[] root, int blocks, Reader reader) throws Halt {
        List<Integer> found = new ArrayList<>(List.of(0));
        int levels = u8(root, ROOT_INFO + 6);
        if (levels >= MOST_LEVELS) {
            throw Halt.damaged("a hashed directory of %d levels", levels);
        }
        if (levels > 0) {
            nodes(root, ROOT_ENTRIES, levels, blocks, reader, found);
        }
        return found;
    }

    private static void nodes(byte[] block, int at, int levels, int blocks, Reader reader, List<Integer> found)
            throws Halt {
        int count = u16(block, at + 2);
        if (count > u16(block, at) || at + count * 8 > block.length) {
            throw Halt.damaged("a hashed directory has %d entries in a block", count);
        }
        for (int i = 0; i < count; i++) {
            int child = i32(block, at + 8 * i + 4) & 0xfff_ffff;
            if (child >= blocks || found.contains(child)) {
                throw Halt.damaged("a hashed directory has its block %d in its index twice, or not at all", child);
            }
            found.add(child);
            if (levels > 1) {
                nodes(reader.read(child), NODE_ENTRIES, levels - 1, blocks, reader, found);
            }
        }
    }

    /** Whether the checksum of a block of an index is right. @param seed the directory's */
    static boolean good(int seed, byte[] block) {
        int at = u16(block, 4) == block.length ? NODE_ENTRIES : ROOT_ENTRIES;
        int limit = u16(block, at);
        int count = u16(block, at + 2);
        int tail = at + limit * 8;
        if (count > limit || tail + 8 > block.length) {
            return false;
        }
        int sum = Crc.of(seed, block, 0, at + count * 8);
        return Crc.of(Crc.of(sum, block, tail, 4), 0) == i32(block, tail + 4);
    }

    private HashIndex() {}
}
