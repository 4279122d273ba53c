package vkernel.host.riscv.jit;

/** What generated code calls for integer operations that are more than a bytecode or two. */
final class Alu {
    private Alu() {}

    static int slt(long a, long b) {
        return a < b ? 1 : 0;
    }

    static int slt(int a, int b) {
        return a < b ? 1 : 0;
    }

    static int sltu(int a, int b) {
        return Integer.compareUnsigned(a, b) < 0 ? 1 : 0;
    }

    static int sltu(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
    }

    static long mulhsu(long a, long b) {
        return Math.multiplyHigh(a, b) + (b >> 63 & a);
    }

    static long div(long a, long b) {
        return b == 0 ? -1 : a / b;
    }

    static long divu(long a, long b) {
        return b == 0 ? -1 : Long.divideUnsigned(a, b);
    }

    static long rem(long a, long b) {
        return b == 0 ? a : a % b;
    }

    static long remu(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    static int divw(int a, int b) {
        return b == 0 ? -1 : a / b;
    }

    static int divuw(int a, int b) {
        return b == 0 ? -1 : Integer.divideUnsigned(a, b);
    }

    static int remw(int a, int b) {
        return b == 0 ? a : a % b;
    }

    static int remuw(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }
}
