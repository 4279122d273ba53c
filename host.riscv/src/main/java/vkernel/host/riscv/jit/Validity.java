package vkernel.host.riscv.jit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vkernel.host.engine.Tlb;

/**
 * Which regions a hart need not look for again: a region notes the epoch of the TLB ({@link Tlb#codeEpoch}) in which its
 * pages were found to hold its frames, and compares when it is entered. Epochs are of one TLB alone, so that notes of
 * another never match; each has an array of its own so that processes do not wipe each other's notes. Hart thread only.
 */
final class Validity {
    /** Notes of a TLB, a power of 2; regions share them by number. */
    private static final int NOTES = 1 << 14;
    /** TLBs that have notes, see the host's pool. */
    private static final int TLBS = 8;

    private static final int TURN_BITS = 16;

    private final @Nullable Tlb[] tlbs = new @Nullable Tlb[TLBS];
    private final long[][] notes = new long[TLBS][];
    private int next;

    /** The notes of a TLB. */
    long[] of(Tlb tlb) {
        for (int i = 0; i < TLBS; i++) {
            if (tlbs[i] == tlb) return notes[i];
        }
        int i = next++ % TLBS;
        tlbs[i] = tlb;
        if (notes[i] == null) notes[i] = new long[NOTES];
        else Arrays.fill(notes[i], 0);
        return notes[i];
    }

    /** What the note of a region is compared with, less {@link #turn}. */
    static long epoch(Tlb tlb) {
        return tlb.codeEpoch << TURN_BITS;
    }

    static int index(int region) {
        return region & NOTES - 1;
    }

    /** Tells regions apart that share a note. */
    static int turn(int region) {
        return region / NOTES & (1 << TURN_BITS) - 1;
    }
}
