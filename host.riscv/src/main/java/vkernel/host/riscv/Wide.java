package vkernel.host.riscv;

/** A number of 128 bits, for the exact product inside a fused multiply-add. */
record Wide(long high, long low) {
    static Wide product(long a, long b) {
        return new Wide(Math.multiplyHigh(a, b), a * b);
    }

    boolean zero() {
        return (high | low) == 0;
    }

    boolean negative() {
        return high < 0;
    }

    Wide plus(Wide other) {
        long sum = low + other.low;
        return new Wide(high + other.high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0), sum);
    }

    Wide minus(Wide other) {
        return new Wide(high - other.high - (Long.compareUnsigned(low, other.low) < 0 ? 1 : 0), low - other.low);
    }

    int leadingZeros() {
        return high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
    }

    Wide shiftLeft(int by) {
        if (by == 0) return this;
        if (by >= 64) return new Wide(low << by, 0);
        return new Wide(high << by | low >>> -by, low << by);
    }

    /** Shifts right; what falls off is remembered in the lowest bit. */
    Wide shiftRight(int by) {
        if (by == 0) return this;
        if (by >= 64) return new Wide(0, Rounding.shiftRight(high, Math.min(by - 64, 64)) | (low == 0 ? 0 : 1));
        return new Wide(high >>> by, high << -by | Rounding.shiftRight(low, by));
    }

    /** The high half; what is below is remembered in the lowest bit. */
    long top() {
        return low == 0 ? high : high | 1;
    }
}
