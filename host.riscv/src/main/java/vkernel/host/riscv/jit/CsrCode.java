package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import vkernel.host.riscv.Csrs;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** Instructions on fflags, frm and fcsr, which stay in the register file, and on time. */
final class CsrCode {
    private final Body body;
    private final CodeBuilder b;
    private final Prologue prologue;

    CsrCode(Body body, Prologue prologue) {
        this.body = body;
        this.b = body.b;
        this.prologue = prologue;
    }

    static boolean is(Insn i) {
        return ofFloats(i) || readsTime(i);
    }

    static boolean ofFloats(Insn i) {
        return i.op() >= Op.CSRRW && i.op() <= Op.CSRRCI && Csrs.ofFloats(i.imm());
    }

    private static boolean readsTime(Insn i) {
        return i.op() >= Op.CSRRW && i.op() <= Op.CSRRCI && Csrs.readsTime(i.op(), i.imm(), i.rs1());
    }

    void write(Insn i) {
        if (readsTime(i)) time(i);
        else floats(i);
    }

    /** In virtual time the clock is the count of instructions: what was done before in the block is told. */
    private void time(Insn i) {
        b.aload(Body.CORE).iload(Body.LEFT).loadConstant(body.pending).isub();
        b.invokevirtual(Body.DISPATCHER, "time", Body.type(CD_long, CD_int));
        body.pop(i.rd());
    }

    private void floats(Insn i) {
        b.aload(Body.REGS).loadConstant(i.op()).loadConstant(i.imm());
        if (i.op() >= Op.CSRRWI) body.constant(i.rs1());
        else body.push(i.rs1());
        b.loadConstant(i.rs1() == 0 ? 0 : 1);
        body.call(Body.desc(Csrs.class), "access", CD_long, Body.LONGS, CD_int, CD_int, CD_long, CD_int);
        body.pop(i.rd());
        prologue.mode();
    }
}
