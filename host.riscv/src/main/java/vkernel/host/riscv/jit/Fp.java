package vkernel.host.riscv.jit;

/**
 * What generated code asks about results of the host's floating point: whether they are the guest's too, flags
 * included. Three states of fcsr are told apart: to nearest even with "inexact" up ({@link #HOST}), where every
 * ordinary result is right; to nearest even without ({@link #EXACT}), where it is right if it is exact; any other
 * rounding ({@link #NEVER}). What is not surely right is NaN here or fails a test; the interpreter then computes it.
 */
final class Fp {
    static final int HOST = 1;
    static final int EXACT = 0;
    static final int NEVER = -1;

    /** Above the numbers that may have been subnormal before they were rounded. */
    private static final double LEAST = 0x1p-1021;

    private static final float LEAST_SINGLE = 0x1p-125f;
    /** Magnitude from which on the error of a product, quotient or root is a number too. */
    private static final double ERROR_IS_EXACT = 0x1p-900;

    private Fp() {}

    /** The state of an fcsr. */
    static int mode(long fcsr) {
        return (fcsr >>> 5 & 7) != 0 ? NEVER : (int) fcsr & 1;
    }

    /** Whether a sum is right: it is exact when it is subnormal. */
    static boolean sum(double r) {
        return Math.abs(r) <= Double.MAX_VALUE;
    }

    static boolean sum(float r) {
        return Math.abs(r) <= Float.MAX_VALUE;
    }

    static boolean product(double r, double a, double b) {
        double m = Math.abs(r);
        return m <= Double.MAX_VALUE && (m >= LEAST || a == 0 || b == 0);
    }

    static boolean product(float r, float a, float b) {
        float m = Math.abs(r);
        return m <= Float.MAX_VALUE && (m >= LEAST_SINGLE || a == 0 || b == 0);
    }

    static boolean quotient(double r, double a) {
        double m = Math.abs(r);
        return m <= Double.MAX_VALUE && (m >= LEAST || a == 0);
    }

    static boolean quotient(float r, float a) {
        float m = Math.abs(r);
        return m <= Float.MAX_VALUE && (m >= LEAST_SINGLE || a == 0);
    }

    static boolean fused(double r, double a, double b, double c) {
        double m = Math.abs(r);
        if (!(m <= Double.MAX_VALUE)) return false;
        // A zero is exact when a large addend was cancelled, or when there was nothing to add.
        return m >= LEAST || r == 0 && Math.abs(c) > ERROR_IS_EXACT || a == 0 || b == 0;
    }

    static boolean fused(float r, float a, float b, float c) {
        float m = Math.abs(r);
        return m <= Float.MAX_VALUE && (m >= LEAST_SINGLE || a == 0 || b == 0);
    }

    static double exactSum(double x, double y) {
        double s = x + y;
        double part = s - x;
        double error = x - (s - part) + (y - part);
        return error == 0 ? s : Double.NaN;
    }

    static float exactSum(float x, float y) {
        float s = x + y;
        float part = s - x;
        float error = x - (s - part) + (y - part);
        return error == 0 ? s : Float.NaN;
    }

    static double exactProduct(double x, double y) {
        double p = x * y;
        if (x == 0 || y == 0) return p;
        return Math.abs(p) > ERROR_IS_EXACT && Math.fma(x, y, -p) == 0 ? p : Double.NaN;
    }

    static float exactProduct(float x, float y) {
        float p = x * y;
        return (double) x * y == p ? p : Float.NaN;
    }

    static double exactQuotient(double x, double y) {
        double q = x / y;
        if (x == 0) return q;
        return Math.abs(x) > ERROR_IS_EXACT && Math.fma(-q, y, x) == 0 ? q : Double.NaN;
    }

    static float exactQuotient(float x, float y) {
        float q = x / y;
        return (double) q * y == x ? q : Float.NaN;
    }

    static double exactRoot(double x) {
        double q = Math.sqrt(x);
        return x == 0 || x > ERROR_IS_EXACT && Math.fma(-q, q, x) == 0 ? q : Double.NaN;
    }

    static float exactRoot(float x) {
        float q = (float) Math.sqrt(x);
        return (double) q * q == x ? q : Float.NaN;
    }

    static float root(float x) {
        return (float) Math.sqrt(x);
    }

    /** Never: whether a fused operation was exact is the interpreter's question. */
    static double exactFused(double x, double y, double z) {
        return Double.NaN;
    }

    static float exactFused(float x, float y, float z) {
        return Float.NaN;
    }

    static double exactDifference(double x, double y) {
        return exactSum(x, -y);
    }

    static float exactDifference(float x, float y) {
        return exactSum(x, -y);
    }

    static float single(double x, int mode) {
        float r = (float) x;
        return mode == HOST || mode == EXACT && r == x ? r : Float.NaN;
    }

    /** fsgnj, with the bit that is the format's sign. */
    static long sign(long a, long b, long bit) {
        return a & ~bit | b & bit;
    }

    static long signNot(long a, long b, long bit) {
        return a & ~bit | ~b & bit;
    }

    static long signXor(long a, long b, long bit) {
        return a ^ b & bit;
    }

    static long eq(double a, double b) {
        return a == b ? 1 : 0;
    }

    static long eq(float a, float b) {
        return a == b ? 1 : 0;
    }

    static long lt(double a, double b) {
        return a < b ? 1 : 0;
    }

    static long lt(float a, float b) {
        return a < b ? 1 : 0;
    }

    static long le(double a, double b) {
        return a <= b ? 1 : 0;
    }

    static long le(float a, float b) {
        return a <= b ? 1 : 0;
    }

    /** Whether a double made a single is right. */
    static boolean narrowed(float r, double x) {
        float m = Math.abs(r);
        return m <= Float.MAX_VALUE && (m >= LEAST_SINGLE || x == 0);
    }

    /** Whether both registers hold NaN-boxed singles. */
    static boolean boxed(long a, long b) {
        return (a & b) >> 32 == -1;
    }

    static long box(float value) {
        return Float.floatToRawIntBits(value) | -1L << 32;
    }

    static float unbox(long register) {
        return Float.intBitsToFloat((int) register);
    }

    static boolean unordered(double a, double b) {
        return a != a || b != b;
    }

    static boolean unordered(float a, float b) {
        return a != a || b != b;
    }

    /** Whether a double can be cut to an integer below a limit without a flag that is not up. */
    static boolean cuts(double x, double limit, boolean signed, int mode) {
        if (!(Math.abs(x) < limit) || !signed && !(x >= 0)) return false;
        return mode == HOST || mode == EXACT && (double) (long) x == x;
    }

    /** Whether an integer is a double without a flag that is not up. */
    static boolean fits(long value, int mode, boolean signed) {
        if (!signed && value < 0) return false;
        return mode == HOST || mode == EXACT && Math.abs(value) < 1L << 53;
    }

    static boolean fitsSingle(long value, int mode, boolean signed) {
        if (!signed && value < 0) return false;
        return mode == HOST || mode == EXACT && Math.abs(value) < 1L << 24;
    }
}
