package vkernel.host.riscv;

/**
 * A guest instruction at its virtual address. Registers are slots of the register file; sets of registers are bits of
 * a long, x1 to x31 and f0 to f31, without x0.
 *
 * @param va its address
 * @param in packed, see {@link Packed}
 */
public record Insn(long va, long in) {
    private static final long REGISTERS = ~1L;

    public int op() {
        return Op.plain(Packed.op(in));
    }

    public int rd() {
        return Packed.rd(in);
    }

    public int rs1() {
        return Packed.rs1(in);
    }

    public int rs2() {
        return Packed.rs2(in);
    }

    public int imm() {
        return Packed.imm(in);
    }

    /** Slot of the third operand of a fused multiply-add. */
    public int rs3() {
        return imm() >>> 3;
    }

    /** Rounding mode of an operation on floats. */
    public int mode() {
        return imm() & 7;
    }

    public long next() {
        return va + 2L * Packed.halfWords(in);
    }

    /** Where a direct jump or branch leads. */
    public long target() {
        return va + 2L * imm();
    }

    public boolean branch() {
        return op() >= Op.BEQ && op() <= Op.BGEU;
    }

    public boolean load() {
        return op() >= Op.LB && op() <= Op.FLW;
    }

    public boolean store() {
        return op() >= Op.SB && op() <= Op.SD;
    }

    public boolean memory() {
        return op() >= Op.LB && op() <= Op.SD;
    }

    public boolean atomic() {
        return op() >= Op.LR_W && op() <= Op.AMOMAXU_D;
    }

    public boolean floating() {
        return op() >= Op.FADD && op() <= Op.FMV_W_X;
    }

    /** An operation on floats without its format. */
    public int plainFloat() {
        return op() & ~1;
    }

    public boolean wide() {
        return (op() & 1) != 0;
    }

    public boolean fused() {
        return op() >= Op.FMADD && op() < Op.FSGNJ;
    }

    /** Bytes that a load, a store or an atomic operation touches. */
    public int size() {
        return switch (op()) {
            case Op.LB, Op.LBU, Op.SB -> 1;
            case Op.LH, Op.LHU, Op.SH -> 2;
            case Op.LW, Op.LWU, Op.FLW, Op.SW -> 4;
            default -> atomic() && !wide() ? 4 : 8;
        };
    }

    /** Registers read, one too many at most. */
    public long reads() {
        if (op() == Op.LI || op() == Op.AUIPC || op() == Op.JAL) return 0;
        if (op() >= Op.CSRRWI && op() <= Op.CSRRCI) return 0;
        long set = bit(rs1());
        if (!oneOperand()) set |= bit(rs2());
        if (fused()) set |= bit(rs3());
        return set;
    }

    /** Registers written. */
    public long writes() {
        return branch() || store() ? 0 : bit(rd());
    }

    private boolean oneOperand() {
        return op() >= Op.FCLASS && op() <= Op.FMV_W_X || (op() & ~1) == Op.FSQRT;
    }

    public static long bit(int slot) {
        return slot >= Long.SIZE ? 0 : 1L << slot & REGISTERS;
    }
}
