package vkernel.task;

/**
 * A task's register file: a {@code long[SIZE]} in the order of riscv Linux's mcontext: pc, x1-x31, f0-f31, fcsr (and
 * one slot for the machine's own use). The host's register file has the same layout, so it is run in place.
 */
public final class Registers {
    public static final int PC = 0;
    public static final int RA = 1;
    public static final int SP = 2;
    public static final int GP = 3;
    public static final int TP = 4;
    public static final int A0 = 10;
    public static final int A1 = 11;
    public static final int A2 = 12;
    public static final int A3 = 13;
    public static final int A4 = 14;
    public static final int A5 = 15;
    public static final int A7 = 17;
    public static final int F0 = 32;
    public static final int FCSR = 64;
    public static final int SIZE = 66;

    private Registers() {}
}
