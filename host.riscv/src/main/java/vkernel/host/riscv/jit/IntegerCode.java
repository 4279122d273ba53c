package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** Integer operations on registers. */
final class IntegerCode {
    private static final ClassDesc ALU = Body.desc(Alu.class);
    private static final ClassDesc MATH = Body.desc(Math.class);

    private final Body body;
    private final CodeBuilder b;

    IntegerCode(Body body) {
        this.body = body;
        this.b = body.b;
    }

    void write(Insn insn) {
        if (insn.writes() == 0) return;
        if ((Ints.after(insn, body.ints) & insn.writes()) != 0) {
            half(insn);
            body.popInt(insn.rd());
        } else {
            value(insn);
            body.pop(insn.rd());
        }
    }

    /** Pushes a result that is an int, see {@link Ints}. */
    private void half(Insn i) {
        switch (i.op()) {
            case Op.LI -> b.loadConstant(i.imm());
            case Op.MV -> body.pushInt(i.rs1());
            case Op.XORI, Op.ORI, Op.ANDI -> {
                body.pushInt(i.rs1());
                b.loadConstant(i.imm());
                ints(immediate(i.op()));
            }
            case Op.SRAI -> shiftHalf(i);
            case Op.SRLI, Op.SRA -> {
                value(i);
                b.l2i();
            }
            case Op.SLTI, Op.SLTIU -> compare(i);
            case Op.SLT, Op.SLTU -> {
                if (body.isInt(i.rs1()) && body.isInt(i.rs2())) compareInts(i);
                else compareLongs(i);
            }
            case Op.ADDIW, Op.SLLIW, Op.SRLIW, Op.SRAIW -> {
                body.pushInt(i.rs1());
                if (i.op() == Op.ADDIW && i.imm() == 0) return;
                b.loadConstant(i.imm());
                ints(i.op() == Op.ADDIW ? Op.ADDW : i.op() - Op.SLLIW + Op.SLLW);
            }
            default -> {
                body.pushInt(i.rs1()).pushInt(i.rs2());
                ints(i.op());
            }
        }
    }

    private void shiftHalf(Insn i) {
        if (body.isInt(i.rs1())) {
            body.pushInt(i.rs1());
            b.loadConstant(Math.min(i.imm(), Integer.SIZE - 1)).ishr();
        } else {
            value(i);
            b.l2i();
        }
    }

    private void compare(Insn i) {
        if (body.isInt(i.rs1())) {
            body.pushInt(i.rs1());
            b.loadConstant(i.imm());
            ints(immediate(i.op()));
        } else {
            body.push(i.rs1()).constant(i.imm());
            body.call(ALU, name(immediate(i.op())), CD_int, CD_long, CD_long);
        }
    }

    private void compareInts(Insn i) {
        body.pushInt(i.rs1()).pushInt(i.rs2());
        ints(i.op());
    }

    private void compareLongs(Insn i) {
        body.push(i.rs1()).push(i.rs2());
        body.call(ALU, name(i.op()), CD_int, CD_long, CD_long);
    }

    /** Pushes a result that is a long. */
    private void value(Insn i) {
        switch (i.op()) {
            case Op.AUIPC -> body.constant(i.va() + i.imm());
            case Op.MV -> body.push(i.rs1());
            case Op.ADDI -> body.pushSum(i.rs1(), i.imm());
            case Op.XORI, Op.ORI, Op.ANDI -> {
                body.push(i.rs1()).constant(i.imm());
                longs(immediate(i.op()));
            }
            case Op.SLLI, Op.SRLI, Op.SRAI -> {
                body.push(i.rs1());
                b.loadConstant(i.imm());
                shift(i.op() - Op.SLLI);
            }
            case Op.SLL, Op.SRL, Op.SRA -> {
                body.push(i.rs1()).pushInt(i.rs2());
                shift(i.op() == Op.SLL ? 0 : i.op() == Op.SRL ? 1 : 2);
            }
            default -> both(i);
        }
    }

    private void both(Insn i) {
        body.push(i.rs1()).push(i.rs2());
        longs(i.op());
    }

    private static int immediate(int op) {
        return switch (op) {
            case Op.SLTI -> Op.SLT;
            case Op.SLTIU -> Op.SLTU;
            case Op.XORI -> Op.XOR;
            case Op.ORI -> Op.OR;
            default -> Op.AND;
        };
    }

    private void shift(int kind) {
        if (kind == 0) b.lshl();
        else if (kind == 1) b.lushr();
        else b.lshr();
    }

    private void ints(int op) {
        switch (op) {
            case Op.ADDW -> b.iadd();
            case Op.SUBW -> b.isub();
            case Op.SLLW -> b.ishl();
            case Op.SRLW -> b.iushr();
            case Op.SRAW -> b.ishr();
            case Op.MULW -> b.imul();
            case Op.XOR -> b.ixor();
            case Op.OR -> b.ior();
            case Op.AND -> b.iand();
            default -> body.call(ALU, name(op), CD_int, CD_int, CD_int);
        }
    }

    private void longs(int op) {
        switch (op) {
            case Op.ADD -> b.ladd();
            case Op.SUB -> b.lsub();
            case Op.XOR -> b.lxor();
            case Op.OR -> b.lor();
            case Op.AND -> b.land();
            case Op.MUL -> b.lmul();
            case Op.MULH -> b.invokestatic(MATH, "multiplyHigh", Body.type(CD_long, CD_long, CD_long));
            case Op.MULHU -> b.invokestatic(MATH, "unsignedMultiplyHigh", Body.type(CD_long, CD_long, CD_long));
            default -> b.invokestatic(ALU, name(op), Body.type(CD_long, CD_long, CD_long));
        }
    }

    private static String name(int op) {
        return switch (op) {
            case Op.SLT -> "slt";
            case Op.SLTU -> "sltu";
            case Op.MULHSU -> "mulhsu";
            case Op.DIV -> "div";
            case Op.DIVU -> "divu";
            case Op.REM -> "rem";
            case Op.REMU -> "remu";
            case Op.DIVW -> "divw";
            case Op.DIVUW -> "divuw";
            case Op.REMW -> "remw";
            case Op.REMUW -> "remuw";
            default -> throw new IllegalArgumentException("no integer operation: " + op);
        };
    }
}
