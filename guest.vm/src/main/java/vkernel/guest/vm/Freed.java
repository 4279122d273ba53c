package vkernel.guest.vm;

import java.util.Arrays;
import vkernel.vm.FrameTable;
import vkernel.vm.VmCounters;

/**
 * Frames whose last reference has gone, before they are counted as free: a list through {@code next}. One hart adds to it
 * while it shares the kernel lock; whoever has the lock counts them.
 */
final class Freed {
    private final FrameTable table;
    private final int[] kinds = new int[FrameTable.KINDS];
    private int first = Frames.NONE;
    private int last = Frames.NONE;

    Freed(FrameTable table) {
        this.table = table;
    }

    /** Adds a frame that nobody refers to. */
    void add(int frame) {
        kinds[table.kind(frame)]++;
        table.kinds[frame] = FrameTable.FREE;
        table.next[frame] = first;
        if (first == Frames.NONE) {
            last = frame;
        }
        first = frame;
    }

    /** Makes all free. The lock is held. @return how many */
    int count(VmCounters counters) {
        if (first == Frames.NONE) {
            return 0;
        }
        int all = 0;
        for (int kind = 0; kind < kinds.length; kind++) {
            table.count[kind] -= kinds[kind];
            all += kinds[kind];
        }
        Arrays.fill(kinds, 0);
        table.count[FrameTable.FREE] += all;
        table.next[last] = table.firstFree;
        table.firstFree = first;
        first = Frames.NONE;
        counters.pagesFreed += all;
        return all;
    }
}
