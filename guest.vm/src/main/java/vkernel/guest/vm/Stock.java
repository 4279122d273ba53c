package vkernel.guest.vm;

import vkernel.vm.FrameTable;
import vkernel.vm.VmCounters;

/**
 * Frames that a hart has at hand, for faults that it repairs while it shares the kernel lock (Linux: per-cpu page lists),
 * and what it has counted then. Soft: given back before anybody looks. The hart's own while it shares the lock; whoever
 * has the lock may touch all.
 */
final class Stock {
    private static final int SIZE = 64;

    private final int[] frames = new int[SIZE];
    private int size;

    long faults;
    long zeroFills;
    long copies;
    long reuses;

    /** A frame of kind ANONYMOUS with one reference, or NONE. */
    int take() {
        return size == 0 ? Frames.NONE : frames[--size];
    }

    /** Takes in a frame of kind ANONYMOUS that has no reference any more. @return false when it is full */
    boolean put(FrameTable table, int frame) {
        if (size == SIZE) {
            return false;
        }
        table.refs[frame] = 1;
        frames[size++] = frame;
        return true;
    }

    boolean empty() {
        return size == 0;
    }

    /** Fills it half, unless memory is short. The lock is held. */
    void fill(Frames from) {
        while (size < SIZE / 2 && from.count(FrameTable.FREE) > from.size() / 8) {
            frames[size++] = from.take(FrameTable.ANONYMOUS);
        }
    }

    /** Gives all frames back, and adds what was counted. The lock is held. @return how many frames */
    int drain(Frames to, VmCounters counters) {
        counters.faults += faults;
        counters.zeroFills += zeroFills;
        counters.copies += copies;
        counters.reuses += reuses;
        faults = zeroFills = copies = reuses = 0;
        int all = size;
        while (size > 0) {
            to.release(frames[--size]);
        }
        return all;
    }
}
