package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.DOUBLE;
import static vkernel.host.riscv.amd64.Asm.PACKED_DOUBLE;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.SINGLE;
import static vkernel.host.riscv.amd64.State.FRAME;

import vkernel.host.engine.Registers;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;
import vkernel.host.riscv.Rounding;

/**
 * The F and D extensions: the host's operations, which round as the guest's do and raise the same flags, tininess after
 * rounding too. Left to the interpreter: results that are no number (the guest's NaN is always the same, the host's is
 * not), numbers that do not fit an integer, singles that are not boxed, and every rounding mode but to nearest even
 * (and towards zero where it is to an integer). While they are used the host's control word is the guest's: see
 * {@link State#FLOATING}.
 */
final class FloatCode {
    private static final int DYNAMIC = 7;
    /** Bits of fcsr that are the rounding mode. */
    private static final int MODE = 7 << 5;

    private static final int MOVE = 0x0F28;
    private static final int ADD = 0x0F58;
    private static final int MUL = 0x0F59;
    private static final int SUB = 0x0F5C;
    private static final int MIN = 0x0F5D;
    private static final int DIV = 0x0F5E;
    private static final int MAX = 0x0F5F;
    private static final int SQRT = 0x0F51;
    private static final int AND = 0x0F54;
    private static final int OR = 0x0F56;
    private static final int CLEAR = 0x0F57;
    /** Sets the flags; only a signalling NaN is invalid. */
    private static final int COMPARE_QUIET = 0x0F2E;

    private static final int COMPARE = 0x0F2F;
    private static final int FROM_INTEGER = 0x0F2A;
    private static final int TRUNCATED = 0x0F2C;
    private static final int ROUNDED = 0x0F2D;
    private static final int CONVERT = 0x0F5A;
    private static final int FROM_REGISTER = 0x0F6E;

    private static final int FMADD = 0xA9;
    private static final int FMSUB = 0xAB;
    private static final int FNMADD = 0xAD;
    private static final int FNMSUB = 0xAF;

    private final Body body;
    private final Asm asm;
    private final Vectors vectors;
    /** Whether the control word is surely the guest's here. */
    private boolean ready;

    FloatCode(Body body) {
        this.body = body;
        this.asm = body.asm;
        this.vectors = body.vectors;
    }

    void write(Insn i) {
        switch (i.plainFloat()) {
            case Op.FADD -> both(i, ADD);
            case Op.FSUB -> both(i, SUB);
            case Op.FMUL -> both(i, MUL);
            case Op.FDIV -> both(i, DIV);
            case Op.FSQRT -> root(i);
            case Op.FMADD -> fused(i, FMADD);
            case Op.FMSUB -> fused(i, FMSUB);
            case Op.FNMSUB -> fused(i, FNMADD);
            case Op.FNMADD -> fused(i, FNMSUB);
            case Op.FSGNJ, Op.FSGNJN, Op.FSGNJX -> sign(i);
            case Op.FMIN -> extreme(i, MIN, OR);
            case Op.FMAX -> extreme(i, MAX, AND);
            case Op.FEQ -> equal(i);
            case Op.FLT -> ordered(i, Asm.ABOVE);
            case Op.FLE -> ordered(i, Asm.ABOVE_EQUAL);
            case Op.FCVT_FLOAT -> convert(i);
            case Op.FCVT_W, Op.FCVT_L -> toSigned(i);
            case Op.FCVT_WU, Op.FCVT_LU -> toUnsigned(i);
            case Op.FCVT_FROM_W, Op.FCVT_FROM_WU, Op.FCVT_FROM_L, Op.FCVT_FROM_LU -> fromInteger(i);
            case Op.FMV_W_X -> moved(i);
            default -> asm.jmp(body.step());
        }
    }

    /** Makes the control word the guest's, or leaves where it cannot be. */
    private void ready(Insn i) {
        if (ready) return;
        ready = true;
        Asm.Label not = new Asm.Label();
        Asm.Label now = new Asm.Label();
        asm.cmpByte(FRAME, State.FLOATING, 0);
        asm.jcc(Asm.EQUAL, not);
        asm.bind(now);
        int before = body.done();
        body.late(() -> {
            Asm.Label other = new Asm.Label();
            asm.bind(not);
            asm.testByte(FRAME, State.of(Registers.FCSR), MODE);
            asm.jcc(Asm.NOT_EQUAL, other);
            asm.movByte(FRAME, State.FLOATING, 1);
            asm.ldmxcsr(FRAME, State.CLEAN);
            asm.jmp(now);
            asm.bind(other);
            body.leave(CodeSpace.STEP, i.va(), before, null);
        });
    }

    /** Whether the host rounds as the instruction says while it is {@link #ready}; if not, leaves it out. */
    private boolean rounds(Insn i) {
        if (i.mode() == DYNAMIC || i.mode() == Rounding.RNE) {
            ready(i);
            return true;
        }
        asm.jmp(body.step());
        return false;
    }

    private int operand(int slot, boolean wide) {
        return wide ? vectors.wide(slot) : vectors.single(slot, body.step());
    }

    private static int prefix(boolean wide) {
        return wide ? DOUBLE : SINGLE;
    }

    /** Sets rd to xmm0, if it is a number. */
    private void result(Insn i, boolean wide) {
        asm.vv(wide ? PACKED_DOUBLE : 0, COMPARE_QUIET, 0, 0);
        asm.jcc(Asm.PARITY, body.step());
        set(i, wide);
    }

    private void set(Insn i, boolean wide) {
        if (wide) vectors.setWide(i.rd(), 0);
        else vectors.setSingle(i.rd(), 0);
    }

    private void both(Insn i, int opcode) {
        if (!rounds(i)) return;
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide);
        int b = operand(i.rs2(), wide);
        asm.vv(0, MOVE, 0, a);
        asm.vv(prefix(wide), opcode, 0, b);
        result(i, wide);
    }

    private void root(Insn i) {
        if (!rounds(i)) return;
        int a = operand(i.rs1(), i.wide());
        asm.vv(0, MOVE, 0, a);
        asm.vv(prefix(i.wide()), SQRT, 0, a);
        result(i, i.wide());
    }

    private void fused(Insn i, int opcode) {
        if (!rounds(i)) return;
        int a = operand(i.rs1(), i.wide());
        int b = operand(i.rs2(), i.wide());
        int c = operand(i.rs3(), i.wide());
        asm.vv(0, MOVE, 0, a);
        asm.fused(i.wide(), opcode, 0, b, c);
        result(i, i.wide());
    }

    /** The magnitude of the one with the sign of the other; on the register file's numbers. */
    private void sign(Insn i) {
        if (!i.wide() || i.rs1() != i.rs2()) {
            if (!i.wide()) {
                vectors.single(i.rs1(), body.step());
                vectors.single(i.rs2(), body.step());
            }
            signOfAnother(i);
            return;
        }
        body.load(RAX, i.rs1());
        switch (i.plainFloat()) {
            case Op.FSGNJ -> {}
            case Op.FSGNJN -> flip(63);
            default -> clear(63);
        }
        body.write(i.rd(), RAX);
    }

    private void signOfAnother(Insn i) {
        int bit = i.wide() ? 63 : 31;
        body.load(RAX, i.rs1());
        body.load(RCX, i.rs2());
        if (i.plainFloat() != Op.FSGNJX) clear(bit);
        if (i.plainFloat() == Op.FSGNJN) asm.unary(NOT, RCX);
        asm.shift(Asm.SHR_I, RCX, bit);
        if (!i.wide()) asm.ri32(Asm.AND_I, RCX, 1);
        asm.shift(Asm.SHL_I, RCX, bit);
        asm.rr(Asm.XOR, RAX, RCX);
        body.write(i.rd(), RAX);
    }

    private static final int NOT = 2;
    /** Extensions of opcode 0FBA: a bit of a register is set to 0, or to its contrary. */
    private static final int RESET = 6;

    private static final int COMPLEMENT = 7;

    private void clear(int bit) {
        asm.bit(RESET, RAX, bit);
    }

    private void flip(int bit) {
        asm.bit(COMPLEMENT, RAX, bit);
    }

    /** Of two zeroes the host gives the second: both ways, the sign of one is in both. */
    private void extreme(Insn i, int opcode, int combine) {
        ready(i);
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide);
        int b = operand(i.rs2(), wide);
        asm.vv(wide ? PACKED_DOUBLE : 0, COMPARE_QUIET, a, b);
        asm.jcc(Asm.PARITY, body.step());
        asm.vv(0, MOVE, 0, a);
        asm.vv(0, MOVE, 1, b);
        asm.vv(prefix(wide), opcode, 0, b);
        asm.vv(prefix(wide), opcode, 1, a);
        asm.vv(0, combine, 0, 1);
        set(i, wide);
    }

    private void equal(Insn i) {
        ready(i);
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide);
        int b = operand(i.rs2(), wide);
        asm.vv(wide ? PACKED_DOUBLE : 0, COMPARE_QUIET, a, b);
        asm.set(Asm.EQUAL, RAX);
        asm.set(Asm.NO_PARITY, RCX);
        asm.rr32(Asm.AND, RAX, RCX);
        truth(i);
    }

    /** Of the second to the first: so that an unordered pair is neither. */
    private void ordered(Insn i, int condition) {
        ready(i);
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide);
        int b = operand(i.rs2(), wide);
        asm.vv(wide ? PACKED_DOUBLE : 0, COMPARE, b, a);
        asm.set(condition, RAX);
        truth(i);
    }

    private void truth(Insn i) {
        int to = body.target(i.rd(), RAX);
        asm.rr8(Asm.MOVZX8, to, RAX);
        body.write(i.rd(), to);
    }

    /** To the other format. */
    private void convert(Insn i) {
        if (!i.wide()) ready(i);
        else if (!rounds(i)) return;
        // fcvt.d.s is named by what it converts from
        int a = operand(i.rs1(), i.wide());
        asm.vv(0, CLEAR, 0, 0);
        asm.vv(prefix(i.wide()), CONVERT, 0, a);
        result(i, !i.wide());
    }

    /** @return the opcode that rounds as the instruction says, or 0 if there is none */
    private int toInteger(Insn i) {
        if (i.mode() == Rounding.RTZ) {
            ready(i);
            return TRUNCATED;
        }
        return rounds(i) ? ROUNDED : 0;
    }

    /** What does not fit gives the least number, as may what does. */
    private void toSigned(Insn i) {
        int opcode = toInteger(i);
        if (opcode == 0) return;
        int a = operand(i.rs1(), i.wide());
        boolean whole = i.plainFloat() == Op.FCVT_L;
        if (whole) {
            asm.vvWide(prefix(i.wide()), opcode, RAX, a);
            asm.mov(RCX, Long.MIN_VALUE);
            asm.rr(Asm.CMP, RAX, RCX);
        } else {
            asm.vv(prefix(i.wide()), opcode, RAX, a);
            asm.ri32(Asm.CMP_I, RAX, Integer.MIN_VALUE);
        }
        asm.jcc(Asm.EQUAL, body.step());
        if (whole) body.write(i.rd(), RAX);
        else body.writeInt(i.rd(), RAX);
    }

    /** Numbers that are no less than 0 and that a signed long holds, so far below the bound that rounding changes nothing. */
    private void toUnsigned(Insn i) {
        int opcode = toInteger(i);
        if (opcode == 0) return;
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide);
        boolean whole = i.plainFloat() == Op.FCVT_LU;
        constant(whole ? 0x1p62 : 0x1p31, wide);
        asm.vv(wide ? PACKED_DOUBLE : 0, COMPARE_QUIET, a, 0);
        asm.jcc(Asm.PARITY, body.step());
        asm.jcc(Asm.ABOVE_EQUAL, body.step());
        asm.vv(0, CLEAR, 0, 0);
        asm.vv(wide ? PACKED_DOUBLE : 0, COMPARE_QUIET, a, 0);
        asm.jcc(Asm.BELOW, body.step());
        asm.vvWide(prefix(wide), opcode, RAX, a);
        if (whole) body.write(i.rd(), RAX);
        else body.writeInt(i.rd(), RAX);
    }

    /** Sets xmm0. */
    private void constant(double value, boolean wide) {
        if (wide) asm.mov(RAX, Double.doubleToRawLongBits(value));
        else asm.mov(RAX, Float.floatToRawIntBits((float) value));
        asm.vvWide(PACKED_DOUBLE, FROM_REGISTER, 0, RAX);
    }

    private void fromInteger(Insn i) {
        if (!rounds(i)) return;
        boolean wide = i.wide();
        body.load(RAX, i.rs1());
        asm.vv(0, CLEAR, 0, 0);
        switch (i.plainFloat()) {
            case Op.FCVT_FROM_W -> asm.vv(prefix(wide), FROM_INTEGER, 0, RAX);
            case Op.FCVT_FROM_WU -> {
                asm.rr32(Asm.MOV, RAX, RAX);
                asm.vvWide(prefix(wide), FROM_INTEGER, 0, RAX);
            }
            case Op.FCVT_FROM_L -> asm.vvWide(prefix(wide), FROM_INTEGER, 0, RAX);
            default -> {
                asm.rr(Asm.TEST, RAX, RAX);
                asm.jcc(Asm.SIGN, body.step());
                asm.vvWide(prefix(wide), FROM_INTEGER, 0, RAX);
            }
        }
        set(i, wide);
    }

    private void moved(Insn i) {
        asm.vv(PACKED_DOUBLE, FROM_REGISTER, 0, body.read(i.rs1(), RAX));
        vectors.setSingle(i.rd(), 0);
    }
}
