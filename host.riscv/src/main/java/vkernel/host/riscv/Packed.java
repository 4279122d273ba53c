package vkernel.host.riscv;

import vkernel.host.engine.Registers;

/**
 * A decoded instruction in one long: length in half-words (bits 1:0), operation (9:2), slots of rd (16:10), rs1
 * (23:17) and rs2 (30:24) in the register file, immediate (63:32). 0 means "not decoded".
 *
 * <p>Slots are those of {@link Registers}: x0 is slot 0 when read and {@link Registers#SCRATCH} when written, f0 to
 * f31 follow the integer registers. The immediate of a jump is its distance in half-words; that of arithmetic on
 * floats is the rounding mode (2:0) and the slot of rs3 (9:3).
 */
public final class Packed {
    private static final int SLOT = 127;

    private Packed() {}

    /** Operands of an instruction whose length and operation are added by {@link #complete}. */
    public static long operands(int rd, int rs1, int rs2, int imm) {
        return (long) imm << 32 | (long) rs2 << 24 | rs1 << 17 | rd << 10;
    }

    public static long complete(long operands, int op, int halfWords) {
        return operands | (long) op << 2 | halfWords;
    }

    /** The same instruction with another operation. */
    public static long withOp(long in, int op) {
        return in & ~(0xFFL << 2) | (long) op << 2;
    }

    public static int halfWords(long in) {
        return (int) in & 3;
    }

    public static int op(long in) {
        return (int) in >>> 2 & 0xFF;
    }

    public static int rd(long in) {
        return (int) in >>> 10 & SLOT;
    }

    public static int rs1(long in) {
        return (int) in >>> 17 & SLOT;
    }

    public static int rs2(long in) {
        return (int) in >>> 24 & SLOT;
    }

    public static int imm(long in) {
        return (int) (in >> 32);
    }

    /** Slot in which a write to an integer register ends up. */
    public static int target(int x) {
        return x == 0 ? Registers.SCRATCH : x;
    }
}
