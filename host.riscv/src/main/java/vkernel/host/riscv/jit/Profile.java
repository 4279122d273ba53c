package vkernel.host.riscv.jit;

import vkernel.host.riscv.Without;

/**
 * How often places of regions are left for the interpreter, and where jumps through registers lead, so that a region
 * that was translated badly is translated again. Soft: two places may share a counter. Hart thread only.
 */
final class Profile {
    private static final int SIZE = 1024;
    /** Exits from a place that are looked at together. */
    private static final int EXITS = 128;
    /** A check of n accesses is worth splitting if it fails once in so many divided by n instructions. */
    private static final int WORTH = 4096;
    /** One jump of so many is looked at. */
    private static final int SAMPLE = 8;
    /** Looks at a jump before its region is translated again. */
    private static final int LOOKS = 64;
    /** In a count: one of the looks found a target that was not known. */
    private static final int FRESH = 1 << 16;

    private final Dispatcher dispatcher;
    private final Hints hints;
    private final long[] places = new long[SIZE];
    private final int[] counts = new int[SIZE];
    private final long[] since = new long[SIZE];
    private int jumps;

    Profile(Dispatcher dispatcher, Hints hints) {
        this.dispatcher = dispatcher;
        this.hints = hints;
    }

    /** An access could not be done in a region. @param retired instructions so far */
    void left(long va, long retired) {
        int i = index(va);
        if (places[i] != va) {
            begin(i, va, retired);
        } else if (++counts[i] == EXITS) {
            long distance = Without.BUDGET ? WORTH : Math.max(1, (retired - since[i]) / EXITS);
            begin(i, va, retired);
            // The fewer accesses are checked at once, the less it costs to check each.
            long most = WORTH / distance;
            if (most >= 1 && hints.straddled(va)) dispatcher.again(va, 1, (int) most);
            else if (most >= 2 && hints.checkAlone(va)) dispatcher.again(va, 2, (int) most);
        }
    }

    /** A jump through a register led out of its region. */
    void jumped(long va, long target) {
        if (++jumps % SAMPLE != 0) return;
        boolean fresh = hints.jumped(va, target);
        int i = index(va);
        if (places[i] != va) begin(i, va, 0);
        if (fresh) counts[i] |= FRESH;
        if ((++counts[i] & FRESH - 1) < LOOKS) return;
        boolean worth = (counts[i] & FRESH) != 0;
        begin(i, va, 0);
        if (worth) dispatcher.again(va, 0, 0);
    }

    private void begin(int i, long va, long retired) {
        places[i] = va;
        counts[i] = 0;
        since[i] = retired;
    }

    private static int index(long va) {
        return (int) (va >>> 1 ^ va >>> 11) & SIZE - 1;
    }
}
