package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.invoke.VarHandle;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** The A extension, and fences. */
final class AtomicCode {
    private static final ClassDesc AMO = Body.desc(Amo.class);

    private final Body body;
    private final CodeBuilder b;
    private final MemoryCode memory;

    AtomicCode(Body body, MemoryCode memory) {
        this.body = body;
        this.b = body.b;
        this.memory = memory;
    }

    void fence() {
        b.invokestatic(Body.desc(VarHandle.class), "fullFence", Body.type(java.lang.constant.ConstantDescs.CD_void));
    }

    void write(Insn i) {
        boolean wide = i.wide();
        boolean loads = i.op() == Op.LR_W || i.op() == Op.LR_D;
        boolean conditional = i.op() == Op.SC_W || i.op() == Op.SC_D;
        Label leave = body.leave(i.va());
        body.push(i.rs1());
        b.lstore(Body.VA);
        b.lload(Body.VA).loadConstant(wide ? 7L : 3L).land().lconst_0().lcmp().ifne(leave);
        if (conditional) unlessReserved(wide, leave);
        memory.pushHost(i.va(), !loads);
        b.lstore(Body.T);
        if (loads || conditional) b.aload(Body.HART_LOCAL);
        if (loads) b.lload(Body.VA);
        b.lload(Body.T);
        if (loads) {
            body.call(AMO, wide ? "lrd" : "lrw", CD_long, Body.HART, CD_long, CD_long);
        } else {
            body.push(i.rs2());
            if (conditional) body.call(AMO, wide ? "scd" : "scw", CD_long, Body.HART, CD_long, CD_long);
            else body.call(AMO, name(i.op() & ~1) + (wide ? "d" : "w"), CD_long, CD_long, CD_long);
        }
        body.pop(i.rd());
    }

    /** An sc that fails is the interpreter's. */
    private void unlessReserved(boolean wide, Label leave) {
        b.aload(Body.HART_LOCAL).getfield(Body.HART, "reservation", CD_long).lload(Body.VA);
        if (wide) b.lconst_1().lor();
        b.lcmp().ifne(leave);
    }

    private static String name(int op) {
        return switch (op) {
            case Op.AMOSWAP_W -> "swap";
            case Op.AMOADD_W -> "add";
            case Op.AMOXOR_W -> "xor";
            case Op.AMOAND_W -> "and";
            case Op.AMOOR_W -> "or";
            case Op.AMOMIN_W -> "min";
            case Op.AMOMAX_W -> "max";
            case Op.AMOMINU_W -> "minu";
            case Op.AMOMAXU_W -> "maxu";
            default -> throw new IllegalArgumentException("no atomic operation: " + op);
        };
    }
}
