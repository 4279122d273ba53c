package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** The conditions of branches. */
final class Condition {
    private static final ClassDesc INTEGER = Body.desc(Integer.class);
    static final ClassDesc LONG = Body.desc(Long.class);

    private final Body body;
    private final CodeBuilder b;

    Condition(Body body) {
        this.body = body;
        this.b = body.b;
    }

    /** Goes to a label when a branch is taken, or when it is not. */
    void write(Insn i, boolean taken, Label to) {
        boolean equality = i.op() == Op.BEQ || i.op() == Op.BNE;
        boolean unsigned = i.op() == Op.BLTU || i.op() == Op.BGEU;
        boolean negated = i.op() == Op.BNE || i.op() == Op.BGE || i.op() == Op.BGEU;
        boolean holds = negated != taken;
        // Extended ints have the same order as the ints, with sign and without.
        if (body.isInt(i.rs1()) && body.isInt(i.rs2())) {
            body.pushInt(i.rs1()).pushInt(i.rs2());
            if (unsigned) b.invokestatic(INTEGER, "compareUnsigned", Body.type(CD_int, CD_int, CD_int));
            else if (equality) equal(holds, to);
            else less(holds, to);
            if (!unsigned) return;
        } else {
            body.push(i.rs1()).push(i.rs2());
            if (unsigned) b.invokestatic(LONG, "compareUnsigned", Body.type(CD_int, CD_long, CD_long));
            else b.lcmp();
        }
        if (equality && holds) b.ifeq(to);
        else if (equality) b.ifne(to);
        else if (holds) b.iflt(to);
        else b.ifge(to);
    }

    private void equal(boolean holds, Label to) {
        if (holds) b.if_icmpeq(to);
        else b.if_icmpne(to);
    }

    private void less(boolean holds, Label to) {
        if (holds) b.if_icmplt(to);
        else b.if_icmpge(to);
    }
}
