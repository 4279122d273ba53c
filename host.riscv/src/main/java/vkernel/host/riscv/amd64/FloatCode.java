package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.DOUBLE;
import static vkernel.host.riscv.amd64.Asm.PACKED_DOUBLE;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.Asm.SINGLE;
import static vkernel.host.riscv.amd64.State.FRAME;

import vkernel.host.engine.Registers;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;
import vkernel.host.riscv.Rounding;
import vkernel.host.riscv.Without;

/**
 * The F and D extensions: the host's operations, which round as the guest's do and raise the same flags, tininess after
 * rounding too. Left to the interpreter: results that are no number (the guest's NaN is always the same, the host's is
 * not), numbers that do not fit an integer, singles that are not boxed, and every rounding mode but to nearest even
 * (and towards zero where it is to an integer).
 *
 * <p>Whatever touches floats first makes sure that the host's vector registers and control word are the guest's, see
 * {@link State#FLOATING}. What makes a single of a boxed one keeps the upper half of its first operand, so its box.
 */
final class FloatCode {
    /** Bits of fcsr that are the rounding mode. */
    static final int MODE = 7 << 5;

    private static final int DYNAMIC = 7;

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
    private static final int XOR = 0x0F57;
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
    /** Whether the vector registers are surely the guest's here, and the mode is to nearest even. */
    private boolean loaded;

    private boolean nearest;
    /** Slots that surely hold boxed singles: what made them made singles, or the interpreter did in its place. */
    private long boxed;

    FloatCode(Body body) {
        this.body = body;
        this.asm = body.asm;
    }

    /** Before any instruction. */
    void before(Insn i) {
        if (i.floating()) {
            if (i.plainFloat() >= Op.FSGNJ && i.plainFloat() <= Op.FSGNJX || i.plainFloat() == Op.FMV_W_X) load();
            else nearest(i);
        } else if (((i.reads() | i.writes()) >>> Registers.F0) != 0 && !i.atomic() && !i.branch()) {
            load();
            boxed &= ~i.writes();
        }
    }

    /** Sees to it that the vector registers are the guest's. */
    void load() {
        if (loaded) return;
        loaded = true;
        Asm.Label not = new Asm.Label();
        Asm.Label now = new Asm.Label();
        asm.cmpByte(FRAME, State.FLOATING, State.ELSE);
        asm.jcc(Asm.EQUAL, not);
        asm.bind(now);
        body.late(() -> {
            asm.bind(not);
            asm.lea(RDX, now);
            asm.jmp(body.space.floats());
        });
    }

    /** The same, and that the host rounds to nearest even as the guest does; else leaves. */
    private void nearest(Insn i) {
        if (nearest) return;
        nearest = loaded = true;
        Asm.Label not = new Asm.Label();
        Asm.Label now = new Asm.Label();
        asm.cmpByte(FRAME, State.FLOATING, State.NEAREST);
        asm.jcc(Asm.NOT_EQUAL, not);
        asm.bind(now);
        int before = body.done();
        body.late(() -> {
            Asm.Label other = new Asm.Label();
            asm.bind(not);
            asm.testByte(FRAME, State.of(Registers.FCSR), MODE);
            asm.jcc(Asm.NOT_EQUAL, other);
            asm.lea(RDX, now);
            asm.jmp(body.space.floats());
            asm.bind(other);
            body.leave(CodeSpace.STEP, i.va(), before, null);
        });
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

    /** Whether the host rounds as the instruction says; if not, leaves it out. */
    private boolean rounds(Insn i) {
        if (i.mode() == DYNAMIC || i.mode() == Rounding.RNE) return true;
        asm.jmp(body.step());
        boxed &= ~Insn.bit(i.rd());
        return false;
    }

    /** A vector register with a slot: its own, or the scratch register given. A single that is none is left out. */
    private int operand(int slot, boolean wide, int scratch) {
        int vector = State.vector(slot);
        if (!wide && (boxed & Insn.bit(slot)) == 0 && !Without.FLOATS) {
            if (vector < 0) {
                asm.mi32(Asm.CMP_I, FRAME, State.of(slot) + Integer.BYTES, -1);
            } else {
                body.load(RAX, slot);
                asm.shift(Asm.SHR_I, RAX, Integer.SIZE);
                asm.ri32(Asm.CMP_I, RAX, -1);
            }
            asm.jcc(Asm.NOT_EQUAL, body.step());
        }
        if (vector >= 0) return vector;
        asm.vm(DOUBLE, Asm.MOVSD_LOAD, scratch, FRAME, State.of(slot));
        return scratch;
    }

    private static int prefix(boolean wide) {
        return wide ? DOUBLE : SINGLE;
    }

    private static int packed(boolean wide) {
        return wide ? PACKED_DOUBLE : 0;
    }

    /** Where to make the result: the vector register of rd, unless it is an operand that the interpreter may still need. */
    private static int target(Insn i) {
        int vector = State.vector(i.rd());
        boolean read = (i.reads() & Insn.bit(i.rd())) != 0;
        return vector < 0 || read ? 0 : vector;
    }

    /** Sets rd to what is in a vector register, if it is a number. */
    private void result(Insn i, int from, boolean wide) {
        if (!Without.FLOATS) {
            asm.vv(packed(wide), COMPARE_QUIET, from, from);
            asm.jcc(Asm.PARITY, body.step());
        }
        set(i.rd(), from, !wide);
    }

    /** Sets a slot to what is in a vector register. */
    void set(int slot, int from, boolean single) {
        int vector = State.vector(slot);
        if (vector < 0) asm.vm(DOUBLE, Asm.MOVSD_STORE, from, FRAME, State.of(slot));
        else if (vector != from) asm.vv(0, MOVE, vector, from);
        if (single) boxed |= Insn.bit(slot);
        else boxed &= ~Insn.bit(slot);
    }

    /** Makes a boxed single of one with nothing above it. */
    void box(int to, int from) {
        asm.vvm(0, OR, to, from, FRAME, State.BOX);
    }

    private void both(Insn i, int opcode) {
        if (!rounds(i)) return;
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide, 0);
        int b = operand(i.rs2(), wide, 1);
        int to = target(i);
        asm.vvv(prefix(wide), opcode, to, a, b);
        result(i, to, wide);
    }

    private void root(Insn i) {
        if (!rounds(i)) return;
        int a = operand(i.rs1(), i.wide(), 0);
        int to = target(i);
        asm.vvv(prefix(i.wide()), SQRT, to, a, a);
        result(i, to, i.wide());
    }

    private void fused(Insn i, int opcode) {
        if (!rounds(i)) return;
        int a = operand(i.rs1(), i.wide(), 0);
        int b = operand(i.rs2(), i.wide(), 1);
        int c = operand(i.rs3(), i.wide(), 2);
        int to = target(i);
        if (to != a) asm.vv(0, MOVE, to, a);
        asm.fused(i.wide(), opcode, to, b, c);
        result(i, to, i.wide());
    }

    /** The magnitude of the one with the sign of the other. */
    private void sign(Insn i) {
        boolean wide = i.wide();
        if (i.rs1() != i.rs2()) {
            signOfAnother(i);
            return;
        }
        int a = operand(i.rs1(), wide, 0);
        int to = target(i);
        switch (i.plainFloat()) {
            case Op.FSGNJ -> to = a;
            case Op.FSGNJN -> asm.vvm(0, XOR, to, a, FRAME, wide ? State.SIGN : State.SIGN_OF_SINGLE);
            default -> asm.vvm(0, AND, to, a, FRAME, wide ? State.MAGNITUDE : State.MAGNITUDE_OF_SINGLE);
        }
        set(i.rd(), to, !wide);
    }

    private void signOfAnother(Insn i) {
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide, 0);
        int b = operand(i.rs2(), wide, 1);
        int magnitude = wide ? State.MAGNITUDE : State.MAGNITUDE_OF_SINGLE;
        int sign = wide ? State.SIGN : State.SIGN_OF_SINGLE;
        asm.vvm(0, AND, 1, b, FRAME, sign);
        if (i.plainFloat() == Op.FSGNJN) asm.vvm(0, XOR, 1, 1, FRAME, sign);
        if (i.plainFloat() == Op.FSGNJX) {
            asm.vvv(0, XOR, 0, a, 1);
        } else {
            asm.vvm(0, AND, 0, a, FRAME, magnitude);
            asm.vvv(0, OR, 0, 0, 1);
        }
        set(i.rd(), 0, !wide);
    }

    /** Of two zeroes the host gives the second: both ways, the sign of one is in both. */
    private void extreme(Insn i, int opcode, int combine) {
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide, 0);
        int b = operand(i.rs2(), wide, 1);
        asm.vv(packed(wide), COMPARE_QUIET, a, b);
        asm.jcc(Asm.PARITY, body.step());
        asm.vvv(prefix(wide), opcode, 2, a, b);
        asm.vvv(prefix(wide), opcode, 1, b, a);
        asm.vvv(0, combine, 0, 2, 1);
        set(i.rd(), 0, !wide);
    }

    private void equal(Insn i) {
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide, 0);
        int b = operand(i.rs2(), wide, 1);
        asm.vv(packed(wide), COMPARE_QUIET, a, b);
        asm.set(Asm.EQUAL, RAX);
        asm.set(Asm.NO_PARITY, RCX);
        asm.rr32(Asm.AND, RAX, RCX);
        truth(i);
    }

    /** Of the second to the first: so that an unordered pair is neither. */
    private void ordered(Insn i, int condition) {
        boolean wide = i.wide();
        int a = operand(i.rs1(), wide, 0);
        int b = operand(i.rs2(), wide, 1);
        asm.vv(packed(wide), COMPARE, b, a);
        asm.set(condition, RAX);
        truth(i);
    }

    private void truth(Insn i) {
        int to = body.target(i.rd(), RAX);
        asm.rr8(Asm.MOVZX8, to, RAX);
        body.write(i.rd(), to);
    }

    /** To the other format; fcvt.d.s, which never rounds, is the one that is not wide. */
    private void convert(Insn i) {
        boolean wide = i.wide();
        if (wide && !rounds(i)) return;
        int a = operand(i.rs1(), wide, 1);
        asm.vvv(0, XOR, 0, 0, 0);
        asm.vvv(prefix(wide), CONVERT, 0, 0, a);
        if (wide) box(1, 0);
        asm.vv(packed(!wide), COMPARE_QUIET, 0, 0);
        asm.jcc(Asm.PARITY, body.step());
        set(i.rd(), wide ? 1 : 0, wide);
    }

    /** @return the opcode that rounds as the instruction says, or 0 if there is none */
    private int toInteger(Insn i) {
        if (i.mode() == Rounding.RTZ) return TRUNCATED;
        return rounds(i) ? ROUNDED : 0;
    }

    /** What does not fit gives the least number, as may what does. */
    private void toSigned(Insn i) {
        int opcode = toInteger(i);
        if (opcode == 0) return;
        int a = operand(i.rs1(), i.wide(), 0);
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
        int a = operand(i.rs1(), wide, 1);
        boolean whole = i.plainFloat() == Op.FCVT_LU;
        constant(whole ? 0x1p62 : 0x1p31, wide);
        asm.vv(packed(wide), COMPARE_QUIET, a, 0);
        asm.jcc(Asm.PARITY, body.step());
        asm.jcc(Asm.ABOVE_EQUAL, body.step());
        asm.vvv(0, XOR, 0, 0, 0);
        asm.vv(packed(wide), COMPARE_QUIET, a, 0);
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
        int plain = i.plainFloat();
        body.load(RAX, i.rs1());
        if (plain == Op.FCVT_FROM_W) asm.rr(Asm.MOVSXD, RAX, RAX);
        if (plain == Op.FCVT_FROM_WU) asm.rr32(Asm.MOV, RAX, RAX);
        if (plain == Op.FCVT_FROM_LU) {
            asm.rr(Asm.TEST, RAX, RAX);
            asm.jcc(Asm.SIGN, body.step());
        }
        asm.vvv(0, XOR, 0, 0, 0);
        asm.vvr(prefix(wide), FROM_INTEGER, 0, 0, RAX);
        if (!wide) box(0, 0);
        set(i.rd(), 0, !wide);
    }

    private void moved(Insn i) {
        asm.vv(PACKED_DOUBLE, FROM_REGISTER, 0, body.read(i.rs1(), RAX));
        box(0, 0);
        set(i.rd(), 0, true);
    }
}
