package vkernel.host.riscv;

/**
 * Rounding to a format, in every mode, with the exception flags it raises (IEEE 754, 4.3 and 7; the RISC-V manual
 * detects tininess after rounding). Gathers the flags of the operations under way. One hart's thread.
 */
public final class Rounding {
    /** Rounding modes: to nearest, ties to even; towards zero; down; up; to nearest, ties away from zero. */
    public static final int RNE = 0;

    public static final int RTZ = 1;
    static final int RDN = 2;
    static final int RUP = 3;
    static final int RMM = 4;

    static final int INEXACT = 1;
    static final int UNDERFLOW = 2;
    static final int OVERFLOW = 4;
    static final int DIVIDE_BY_ZERO = 8;
    static final int INVALID = 16;

    /** Flags raised since they were last taken. */
    private int flags;

    void raise(int more) {
        flags |= more;
    }

    int takeFlags() {
        int taken = flags;
        flags = 0;
        return taken;
    }

    /**
     * Rounds {@code significand * 2^(exponent - 62)}.
     *
     * @param significand unsigned; its lowest bit may stand for any amount below it
     * @return the bits of the number
     */
    long round(FloatFormat format, boolean negative, int exponent, long significand, int mode) {
        if (significand == 0) return format.zero(negative);
        int shift = Long.numberOfLeadingZeros(significand) - 1;
        long sig = shift < 0 ? shiftRight(significand, 1) : significand << shift;
        int field = exponent - shift + format.bias();
        int guard = FloatFormat.LEADING - format.fraction();
        long increment = increment(mode, negative, guard);
        boolean tiny = field < 0 || field == 0 && sig + increment >= 0;
        if (field <= 0) {
            sig = shiftRight(sig, 1 - field);
            field = 1;
        }
        long cut = sig & (1L << guard) - 1;
        long rounded = sig + increment >>> guard;
        if (mode == RNE && cut == 1L << guard - 1) rounded &= ~1L;
        // A carry out of the significand goes into the exponent by itself, also from subnormal to normal.
        if (field < format.special()) {
            long bits = ((long) (field - 1) << format.fraction()) + rounded;
            if (bits < format.infinity()) {
                if (cut != 0) flags |= tiny ? INEXACT | UNDERFLOW : INEXACT;
                return bits | format.zero(negative);
            }
        }
        return overflow(format, negative, mode);
    }

    private long overflow(FloatFormat format, boolean negative, int mode) {
        flags |= OVERFLOW | INEXACT;
        boolean infinite = mode == RNE || mode == RMM || mode == (negative ? RDN : RUP);
        return infinite ? format.infinity(negative) : format.infinity() - 1 | format.zero(negative);
    }

    /** What is added below the kept bits so that cutting them off rounds. */
    private static long increment(int mode, boolean negative, int guard) {
        return switch (mode) {
            case RNE, RMM -> 1L << guard - 1;
            case RTZ -> 0;
            default -> mode == (negative ? RDN : RUP) ? (1L << guard) - 1 : 0;
        };
    }

    /** Shifts right; what falls off is remembered in the lowest bit. */
    static long shiftRight(long value, int by) {
        if (by == 0) return value;
        if (by > 63) return value == 0 ? 0 : 1;
        return value >>> by | (value << -by == 0 ? 0 : 1);
    }
}
