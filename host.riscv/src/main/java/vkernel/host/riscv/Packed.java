package vkernel.host.riscv;

import vkernel.host.engine.Registers;

/**
 * A decoded instruction in one long: operation (bits 7:0), length in half-words (9:8), slots of rd (16:10), rs1
 * (23:17) and rs2 (30:24) in the register file, immediate (63:32). 0 means "not decoded".
 *
 * <p>Slots are those of {@link Registers}: x0 is slot 0 when read and {@link Registers#SCRATCH} when written, f0 to
 * f31 follow the integer registers. The immediate of a jump is its distance in half-words; that of arithmetic on
 * floats is the rounding mode (2:0) and the slot of rs3 (9:3).
 */
public final class Packed {
    private static final int SLOT = 127;
    /** What is packed of a slot counts from the start of the array's object, so that the loop need not add it. */
    private static final int HEADER = (int) Memory.LONGS >>> 3;

    /** Operands of an instruction that has none. */
    static final long NONE = operands(0, 0, 0, 0);

    private Packed() {}

    /** Operands of an instruction whose length and operation are added by {@link #complete}. */
    public static long operands(int rd, int rs1, int rs2, int imm) {
        return (long) imm << 32 | (long) rs2 + HEADER << 24 | rs1 + HEADER << 17 | rd + HEADER << 10;
    }

    public static long complete(long operands, int op, int halfWords) {
        return operands | (long) halfWords << 8 | op;
    }

    /** The same instruction with another operation. */
    public static long withOp(long in, int op) {
        return in & ~0xFFL | op;
    }

    public static int halfWords(long in) {
        return (int) in >>> 8 & 3;
    }

    public static int op(long in) {
        return (int) in & 0xFF;
    }

    public static int rd(long in) {
        return ((int) in >>> 10 & SLOT) - HEADER;
    }

    public static int rs1(long in) {
        return ((int) in >>> 17 & SLOT) - HEADER;
    }

    public static int rs2(long in) {
        return ((int) in >>> 24 & SLOT) - HEADER;
    }

    public static int imm(long in) {
        return (int) (in >> 32);
    }

    /** Slot in which a write to an integer register ends up. */
    public static int target(int x) {
        return x == 0 ? Registers.SCRATCH : x;
    }
}
