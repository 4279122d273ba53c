package vkernel.host.riscv;

import static vkernel.host.riscv.Rounding.DIVIDE_BY_ZERO;
import static vkernel.host.riscv.Rounding.INVALID;
import static vkernel.host.riscv.Rounding.shiftRight;

/**
 * Arithmetic on floats in whole numbers: exact in every rounding mode, with every exception flag (IEEE 754; what is
 * left open there as in the RISC-V manual, "F" extension). The slow and sure way; {@link Fpu} asks the host's own
 * arithmetic first where that gives the same.
 */
final class SoftFloat {
    private final Rounding rounding;

    SoftFloat(Rounding rounding) {
        this.rounding = rounding;
    }

    long add(FloatFormat f, long a, long b, int mode) {
        if (f.nan(a) || f.nan(b)) return nan(f, a, b);
        if (f.infinite(a)) return f.infinite(b) && a != b ? invalid(f) : a;
        if (f.infinite(b)) return b;
        if (f.zero(a)) return f.zero(b) ? sumOfZeros(f, a, b, mode) : b;
        if (f.zero(b)) return a;
        return f.magnitude(a) >= f.magnitude(b) ? addSmaller(f, a, b, mode) : addSmaller(f, b, a, mode);
    }

    long subtract(FloatFormat f, long a, long b, int mode) {
        return add(f, a, f.nan(b) ? b : b ^ f.signBit(), mode);
    }

    private long addSmaller(FloatFormat f, long a, long b, int mode) {
        int exponent = f.exponentOf(a);
        boolean negative = f.negative(a);
        long small = shiftRight(f.significand(b), exponent - f.exponentOf(b));
        boolean same = negative == f.negative(b);
        long sum = same ? f.significand(a) + small : f.significand(a) - small;
        if (sum == 0) return f.zero(mode == Rounding.RDN);
        return rounding.round(f, negative, exponent, sum, mode);
    }

    long multiply(FloatFormat f, long a, long b, int mode) {
        if (f.nan(a) || f.nan(b)) return nan(f, a, b);
        boolean negative = f.negative(a) != f.negative(b);
        if (f.infinite(a) || f.infinite(b)) return f.zero(a) || f.zero(b) ? invalid(f) : f.infinity(negative);
        if (f.zero(a) || f.zero(b)) return f.zero(negative);
        long x = f.significand(a);
        long y = f.significand(b);
        long product = Math.multiplyHigh(x, y) | (x * y == 0 ? 0 : 1);
        return rounding.round(f, negative, f.exponentOf(a) + f.exponentOf(b) + 2, product, mode);
    }

    long divide(FloatFormat f, long a, long b, int mode) {
        if (f.nan(a) || f.nan(b)) return nan(f, a, b);
        boolean negative = f.negative(a) != f.negative(b);
        if (f.infinite(a)) return f.infinite(b) ? invalid(f) : f.infinity(negative);
        if (f.infinite(b)) return f.zero(negative);
        if (f.zero(b)) {
            if (f.zero(a)) return invalid(f);
            rounding.raise(DIVIDE_BY_ZERO);
            return f.infinity(negative);
        }
        if (f.zero(a)) return f.zero(negative);
        long quotient = quotient(f.significand(a), f.significand(b));
        return rounding.round(f, negative, f.exponentOf(a) - f.exponentOf(b), quotient, mode);
    }

    /** {@code 2^62 * x / y}, bit by bit, the remainder remembered in the lowest bit. */
    private static long quotient(long x, long y) {
        long quotient = 0;
        long rest = x;
        for (int i = 0; i <= FloatFormat.LEADING; i++) {
            quotient <<= 1;
            if (Long.compareUnsigned(rest, y) >= 0) {
                rest -= y;
                quotient |= 1;
            }
            rest <<= 1;
        }
        return rest == 0 ? quotient : quotient | 1;
    }

    long squareRoot(FloatFormat f, long a, int mode) {
        if (f.nan(a)) return nan(f, a, a);
        if (f.zero(a)) return a;
        if (f.negative(a)) return invalid(f);
        if (f.infinite(a)) return a;
        int exponent = f.exponentOf(a);
        long radicand = f.significand(a) << (exponent & 1);
        return rounding.round(f, false, exponent >> 1, root(radicand), mode);
    }

    /** Bits of the root; the rounding needs 3 more than a double's 53. */
    private static final int ROOT_BITS = 58;

    /** The square root of a number with 62 bits after the point, in the same form, two bits of it at a time. */
    private static long root(long radicand) {
        long left = radicand;
        long root = 0;
        long rest = 0;
        for (int i = 0; i < ROOT_BITS; i++) {
            rest = rest << 2 | left >>> 62;
            left <<= 2;
            root <<= 1;
            if (rest > root << 1) {
                rest -= root << 1 | 1;
                root |= 1;
            }
        }
        return root << FloatFormat.LEADING + 1 - ROOT_BITS | (rest == 0 ? 0 : 1);
    }

    /** {@code a * b + c} with one rounding. */
    long multiplyAdd(FloatFormat f, long a, long b, long c, int mode) {
        boolean undefined = f.infinite(a) && f.zero(b) || f.zero(a) && f.infinite(b);
        if (undefined) rounding.raise(INVALID);
        if (f.nan(a) || f.nan(b) || f.nan(c)) {
            if (f.signallingNan(c)) rounding.raise(INVALID);
            return nan(f, a, b);
        }
        if (undefined) return f.canonicalNan();
        boolean negative = f.negative(a) != f.negative(b);
        if (f.infinite(a) || f.infinite(b)) {
            return f.infinite(c) && f.negative(c) != negative ? invalid(f) : f.infinity(negative);
        }
        if (f.infinite(c)) return c;
        if (f.zero(a) || f.zero(b)) return f.zero(c) ? sumOfZeros(f, f.zero(negative), c, mode) : c;
        return addProduct(f, a, b, c, mode);
    }

    /** The sum of 128-bit significands, their leading bits at 124 or 125. */
    private long addProduct(FloatFormat f, long a, long b, long c, int mode) {
        boolean negative = f.negative(a) != f.negative(b);
        int exponent = f.exponentOf(a) + f.exponentOf(b);
        Wide product = Wide.product(f.significand(a), f.significand(b));
        Wide sum = product;
        if (!f.zero(c)) {
            long significand = f.significand(c);
            Wide addend = new Wide(significand >>> 2, significand << 62);
            int distance = exponent - f.exponentOf(c);
            if (distance >= 0) {
                addend = addend.shiftRight(distance);
            } else {
                product = product.shiftRight(-distance);
                exponent -= distance;
            }
            sum = f.negative(c) == negative ? product.plus(addend) : product.minus(addend);
            if (sum.zero()) return f.zero(mode == Rounding.RDN);
            if (sum.negative()) {
                sum = addend.minus(product);
                negative = !negative;
            }
        }
        int shift = sum.leadingZeros() - 1;
        return rounding.round(
                f, negative, exponent + 2 - shift, sum.shiftLeft(shift).top(), mode);
    }

    private static long sumOfZeros(FloatFormat f, long a, long b, int mode) {
        return a == b ? a : f.zero(mode == Rounding.RDN);
    }

    /** The result of an operation of which one operand is a NaN. */
    private long nan(FloatFormat f, long a, long b) {
        return f.signallingNan(a) || f.signallingNan(b) ? invalid(f) : f.canonicalNan();
    }

    private long invalid(FloatFormat f) {
        rounding.raise(INVALID);
        return f.canonicalNan();
    }
}
