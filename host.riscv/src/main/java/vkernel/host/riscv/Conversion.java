package vkernel.host.riscv;

import static vkernel.host.riscv.Rounding.INEXACT;
import static vkernel.host.riscv.Rounding.INVALID;

/**
 * Conversions between floats, and between floats and integers, in every rounding mode and with every flag (The RISC-V
 * Instruction Set Manual, volume I, "Floating-Point Conversion and Move Instructions"; its table of the limits).
 */
final class Conversion {
    private final Rounding rounding;

    Conversion(Rounding rounding) {
        this.rounding = rounding;
    }

    /** A float in another format. */
    long convert(FloatFormat from, FloatFormat to, long a, int mode) {
        if (from.nan(a)) {
            if (from.signallingNan(a)) rounding.raise(INVALID);
            return to.canonicalNan();
        }
        boolean negative = from.negative(a);
        if (from.infinite(a)) return to.infinity(negative);
        if (from.zero(a)) return to.zero(negative);
        return rounding.round(to, negative, from.exponentOf(a), from.significand(a), mode);
    }

    /** A float from an integer; a 32-bit one comes extended as its signedness says. */
    long fromInteger(FloatFormat to, long value, boolean signed, int mode) {
        boolean negative = signed && value < 0;
        return rounding.round(to, negative, FloatFormat.LEADING, negative ? -value : value, mode);
    }

    /**
     * An integer from a float.
     *
     * @param bits width of the integer, 32 or 64
     * @return the integer, or the nearest that there is; a 32-bit one is sign-extended, also an unsigned one
     */
    long toInteger(FloatFormat from, long a, boolean signed, int bits, int mode) {
        if (from.zero(a)) return 0;
        boolean negative = from.negative(a) && !from.nan(a);
        int exponent = from.exponentOf(a);
        if (exponent >= 64) return outOfRange(negative, signed, bits);
        int shift = FloatFormat.LEADING - exponent;
        long significand = from.significand(a);
        long whole = shift <= 0 ? significand << -shift : shift > 63 ? 0 : significand >>> shift;
        long fraction = shift <= 0 ? 0 : shift > 63 ? 1 : significand << -shift;
        if (roundsAway(whole, fraction, negative, mode)) whole++;
        if (!fits(whole, negative, signed, bits)) return outOfRange(negative, signed, bits);
        if (fraction != 0) rounding.raise(INEXACT);
        long value = negative ? -whole : whole;
        return bits == 32 ? (int) value : value;
    }

    /** Whether a magnitude with a fraction in 64ths bits grows by one. */
    private static boolean roundsAway(long whole, long fraction, boolean negative, int mode) {
        int half = Long.compareUnsigned(fraction, Long.MIN_VALUE);
        return switch (mode) {
            case Rounding.RNE -> half > 0 || half == 0 && (whole & 1) != 0;
            case Rounding.RTZ -> false;
            case Rounding.RMM -> half >= 0;
            default -> fraction != 0 && mode == (negative ? Rounding.RDN : Rounding.RUP);
        };
    }

    private static boolean fits(long magnitude, boolean negative, boolean signed, int bits) {
        if (!signed) return negative ? magnitude == 0 : bits == 64 || magnitude >>> 32 == 0;
        long limit = 1L << bits - 1;
        return Long.compareUnsigned(magnitude, negative ? limit : limit - 1) <= 0;
    }

    private long outOfRange(boolean negative, boolean signed, int bits) {
        rounding.raise(INVALID);
        if (!signed) return negative ? 0 : -1;
        long least = -1L << bits - 1;
        return negative ? least : ~least;
    }
}
