package vkernel.host.riscv;

/**
 * Arithmetic to nearest even by the host's own instructions, where their result and their silence about flags are
 * surely right: the result is an ordinary number, and either it is exact or the flag "inexact" is up already (QEMU:
 * fpu/softfloat.c, "hardfloat").
 */
public final class HostFloat {
    /** "Ask {@link SoftFloat}": a NaN's bits, which no sure result has. */
    static final long UNSURE = -1;

    /**
     * Half of the first exponent, counted from 2, that is no more surely ordinary. Those below 2 are not either: 0
     * and 1 may come of a number that was subnormal before rounding.
     */
    static final int SURE_DOUBLE = (0x7FF - 2) / 2;

    static final int SURE_SINGLE = (0xFF - 2) / 2;

    private static final long BOX = -1L << 32;

    /** Magnitude from which on the error of a product, quotient or root is a number too. */
    private static final double ERROR_IS_EXACT = 0x1p-900;

    private HostFloat() {}

    /** Whether a result that rounds needs no flag: frm is to nearest even and "inexact" is up already. */
    public static boolean usable(long fcsr) {
        return (fcsr & 7 << 5 | fcsr & Rounding.INEXACT) == Rounding.INEXACT;
    }

    /** The bits of a result, or {@link #UNSURE}. @param inexact whether the flag is up already */
    static long ofDoubles(int op, long in, long[] regs, boolean inexact) {
        double x = Double.longBitsToDouble(regs[Packed.rs1(in)]);
        double y = Double.longBitsToDouble(regs[Packed.rs2(in)]);
        switch (op) {
            case Op.FADD:
                return sum(x, y, inexact);
            case Op.FSUB:
                return sum(x, -y, inexact);
            case Op.FMUL: {
                double p = x * y;
                return sure(p, inexact || Math.abs(p) > ERROR_IS_EXACT && Math.fma(x, y, -p) == 0);
            }
            case Op.FDIV: {
                double q = x / y;
                return sure(q, inexact || Math.abs(x) > ERROR_IS_EXACT && Math.fma(-q, y, x) == 0);
            }
            case Op.FSQRT: {
                double q = Math.sqrt(x);
                return sure(q, inexact || x > ERROR_IS_EXACT && Math.fma(-q, q, x) == 0);
            }
            default: {
                if (!inexact) return UNSURE;
                double z = Double.longBitsToDouble(regs[Packed.imm(in) >>> 3]);
                boolean negated = op == Op.FNMSUB || op == Op.FNMADD;
                boolean subtracted = op == Op.FMSUB || op == Op.FNMADD;
                return sure(Math.fma(negated ? -x : x, y, subtracted ? -z : z), true);
            }
        }
    }

    private static long sum(double x, double y, boolean inexact) {
        double s = x + y;
        if (!inexact) {
            double part = s - x;
            double error = x - (s - part) + (y - part);
            if (error != 0) return UNSURE;
        }
        return sure(s, true);
    }

    private static long sure(double result, boolean exact) {
        long bits = Double.doubleToRawLongBits(result);
        int exponent = (int) (bits >>> 52) & 0x7FF;
        return exact && exponent - 2 >>> 1 < SURE_DOUBLE ? bits : UNSURE;
    }

    /** The bits of a result, NaN-boxed, or {@link #UNSURE}. @param inexact whether the flag is up already */
    static long ofSingles(int op, long in, long[] regs, boolean inexact) {
        long a = regs[Packed.rs1(in)];
        long b = regs[Packed.rs2(in)];
        if ((a & b) >> 32 != -1 && !(op == Op.FSQRT && a >> 32 == -1)) return UNSURE;
        float x = Float.intBitsToFloat((int) a);
        float y = Float.intBitsToFloat((int) b);
        switch (op) {
            case Op.FADD:
                return sumOfSingles(x, y, inexact);
            case Op.FSUB:
                return sumOfSingles(x, -y, inexact);
            case Op.FMUL: {
                float p = x * y;
                return sure(p, inexact || (double) x * y == p);
            }
            case Op.FDIV: {
                float q = x / y;
                return sure(q, inexact || (double) q * y == x);
            }
            case Op.FSQRT: {
                float q = (float) Math.sqrt(x);
                return sure(q, inexact || (double) q * q == x);
            }
            default: {
                long c = regs[Packed.imm(in) >>> 3];
                if (!inexact || c >> 32 != -1) return UNSURE;
                float z = Float.intBitsToFloat((int) c);
                boolean negated = op == Op.FNMSUB || op == Op.FNMADD;
                boolean subtracted = op == Op.FMSUB || op == Op.FNMADD;
                return sure(Math.fma(negated ? -x : x, y, subtracted ? -z : z), true);
            }
        }
    }

    private static long sumOfSingles(float x, float y, boolean inexact) {
        float s = x + y;
        if (!inexact) {
            float part = s - x;
            float error = x - (s - part) + (y - part);
            if (error != 0) return UNSURE;
        }
        return sure(s, true);
    }

    private static long sure(float result, boolean exact) {
        int bits = Float.floatToRawIntBits(result);
        int exponent = bits >>> 23 & 0xFF;
        return exact && exponent - 2 >>> 1 < SURE_SINGLE ? bits | BOX : UNSURE;
    }
}
