package vkernel.fs;

import java.util.Arrays;

/** Where the blocks of a file lie on its disk, as runs in ascending order. Plain data. */
public final class BlockMap {
    /** First block in the file, of each run. */
    public long[] logical = new long[4];
    /** First block on the disk. */
    public long[] physical = new long[4];
    /** Blocks. */
    public int[] length = new int[4];
    /** Allocated and never written: reads as zeros. */
    public boolean[] unwritten = new boolean[4];
    /** Runs. */
    public int count;
    /** Blocks in which the map itself lies, in order. */
    public long[] nodes = {};

    /** The run that a block of the file is in; else {@code -1 - i}, i being the first run behind it. */
    public int find(long block) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            if (block < logical[middle]) {
                high = middle - 1;
            } else if (block >= logical[middle] + length[middle]) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1 - low;
    }

    /** Where a block of the file lies; 0 for a hole, or what was never written. */
    public long place(long block) {
        int at = find(block);
        return at < 0 || unwritten[at] ? 0 : physical[at] + block - logical[at];
    }

    /** Puts a run in before another. */
    public void insert(int at, long first, long disk, int blocks, boolean fresh) {
        if (count == logical.length) {
            grow();
        }
        System.arraycopy(logical, at, logical, at + 1, count - at);
        System.arraycopy(physical, at, physical, at + 1, count - at);
        System.arraycopy(length, at, length, at + 1, count - at);
        System.arraycopy(unwritten, at, unwritten, at + 1, count - at);
        logical[at] = first;
        physical[at] = disk;
        length[at] = blocks;
        unwritten[at] = fresh;
        count++;
    }

    private void grow() {
        logical = Arrays.copyOf(logical, count * 2);
        physical = Arrays.copyOf(physical, count * 2);
        length = Arrays.copyOf(length, count * 2);
        unwritten = Arrays.copyOf(unwritten, count * 2);
    }

    public void remove(int at) {
        count--;
        System.arraycopy(logical, at + 1, logical, at, count - at);
        System.arraycopy(physical, at + 1, physical, at, count - at);
        System.arraycopy(length, at + 1, length, at, count - at);
        System.arraycopy(unwritten, at + 1, unwritten, at, count - at);
    }

    public BlockMap copy() {
        BlockMap copy = new BlockMap();
        copy.logical = logical.clone();
        copy.physical = physical.clone();
        copy.length = length.clone();
        copy.unwritten = unwritten.clone();
        copy.count = count;
        copy.nodes = nodes.clone();
        return copy;
    }
}
