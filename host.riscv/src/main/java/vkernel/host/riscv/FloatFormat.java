package vkernel.host.riscv;

/**
 * A binary format of IEEE 754: how its numbers are laid out. Numbers are passed as their bits in the low end of a
 * long.
 *
 * @param fraction bits of the fraction
 * @param exponent bits of the exponent
 */
record FloatFormat(int fraction, int exponent) {
    static final FloatFormat SINGLE = new FloatFormat(23, 8);
    static final FloatFormat DOUBLE = new FloatFormat(52, 11);

    /** Where the leading bit of a significand is kept. */
    static final int LEADING = 62;

    int bias() {
        return (1 << exponent - 1) - 1;
    }

    /** The exponent field of infinities and NaNs. */
    int special() {
        return (1 << exponent) - 1;
    }

    long signBit() {
        return 1L << fraction + exponent;
    }

    long infinity() {
        return (long) special() << fraction;
    }

    /** The one NaN that arithmetic produces. */
    long canonicalNan() {
        return infinity() | 1L << fraction - 1;
    }

    long magnitude(long bits) {
        return bits & signBit() - 1;
    }

    boolean negative(long bits) {
        return (bits & signBit()) != 0;
    }

    boolean nan(long bits) {
        return magnitude(bits) > infinity();
    }

    boolean signallingNan(long bits) {
        return nan(bits) && (bits & 1L << fraction - 1) == 0;
    }

    boolean infinite(long bits) {
        return magnitude(bits) == infinity();
    }

    boolean zero(long bits) {
        return magnitude(bits) == 0;
    }

    long zero(boolean negative) {
        return negative ? signBit() : 0;
    }

    long infinity(boolean negative) {
        return infinity() | zero(negative);
    }

    /** The significand of a finite number other than 0, its leading bit at {@link #LEADING}. */
    long significand(long bits) {
        long magnitude = magnitude(bits);
        long field = magnitude & (1L << fraction) - 1;
        if (magnitude >>> fraction != 0) return (field | 1L << fraction) << LEADING - fraction;
        return field << Long.numberOfLeadingZeros(field) - 1;
    }

    /** The exponent of a finite number other than 0 whose {@link #significand} is read as 1.xxx. */
    int exponentOf(long bits) {
        int field = (int) (magnitude(bits) >>> fraction);
        if (field != 0) return field - bias();
        return 1 - bias() - (Long.numberOfLeadingZeros(magnitude(bits)) - (63 - fraction));
    }
}
