package vkernel.host.engine;

/**
 * Layout of a user register file: a {@code long[SIZE]} in the order of riscv Linux's mcontext (gregs with the pc in
 * place of x0, then f0-f31, then fcsr), so that a kernel can keep it, copy it and hand it over as it is.
 *
 * <p>While a hart runs, an engine may use slot 0 (as the zero register) and {@link #SCRATCH} (as the target of writes
 * to x0) as it likes; whenever {@code run} has returned, slot 0 is the pc.
 */
public final class Registers {
    public static final int PC = 0;
    public static final int RA = 1;
    public static final int SP = 2;
    public static final int GP = 3;
    public static final int TP = 4;
    public static final int A0 = 10;
    public static final int A7 = 17;
    /** f0; a float is NaN-boxed in the low half. */
    public static final int F0 = 32;
    /** frm in bits 7:5, fflags in bits 4:0. */
    public static final int FCSR = 64;
    /** Of no meaning outside {@code run}. */
    public static final int SCRATCH = 65;

    public static final int SIZE = 66;

    private Registers() {}
}
