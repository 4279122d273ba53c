package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Tlb;
import vkernel.host.riscv.Without;

/**
 * How a region begins: is this code what lies here in this address space, and may it run? A region is reached from
 * other regions without the dispatcher, so it asks itself.
 */
final class Prologue {
    static final ClassDesc TLB = Body.desc(Tlb.class);

    private final Body body;
    private final CodeBuilder b;
    private final MemoryCode accesses;
    private final boolean floats;
    private final boolean memory;

    Prologue(Body body, MemoryCode accesses, boolean floats, boolean memory) {
        this.body = body;
        this.b = body.b;
        this.accesses = accesses;
        this.floats = floats;
        this.memory = memory;
    }

    void write(int region, Block first) {
        Label refuse = b.newLabel();
        Label begin = b.newLabel();
        b.aload(Body.CORE).getfield(Body.DISPATCHER, "hart", Body.HART).astore(Body.HART_LOCAL);
        b.aload(Body.CORE).getfield(Body.DISPATCHER, "left", CD_int).istore(Body.LEFT);
        if (!Without.BUDGET) b.iload(Body.LEFT).ifle(refuse);
        if (!Without.ATTENTION) {
            b.aload(Body.HART_LOCAL)
                    .invokevirtual(Body.HART, "attention", Body.type(CD_int))
                    .ifne(refuse);
        }
        here(region, refuse);
        b.goto_(begin);
        b.labelBinding(refuse);
        b.loadConstant(first.start).lreturn();
        b.labelBinding(begin);
        if (memory) accesses.prologue();
        mode();
        body.loadRegisters(first.liveIn & ~first.intsIn);
        if ((first.liveIn & first.intsIn) != 0) halves(first);
    }

    /** Loads registers that are to hold 32-bit values, or leaves the first instruction to the interpreter. */
    private void halves(Block first) {
        Label good = b.newLabel();
        b.lconst_0();
        for (long rest = first.liveIn & first.intsIn; rest != 0; rest &= rest - 1) {
            int slot = Long.numberOfTrailingZeros(rest);
            b.aload(Body.REGS).loadConstant(slot).laload();
            b.dup2().l2i().dup().istore(body.half(slot)).i2l().lxor().lor();
        }
        b.lconst_0().lcmp().ifeq(good);
        b.loadConstant(first.start | Dispatcher.PAST).lreturn();
        b.labelBinding(good);
    }

    /** Goes away unless the region is noted to be here, see {@link Validity}. */
    private void here(int region, Label refuse) {
        b.aload(Body.CORE).getfield(Body.DISPATCHER, "notes", Body.LONGS);
        b.loadConstant((long) Validity.index(region) << 3);
        body.call(Body.RAW, "entry", CD_long, Body.LONGS, CD_long);
        b.aload(Body.CORE).getfield(Body.DISPATCHER, "epoch", CD_long);
        if (Validity.turn(region) != 0)
            b.loadConstant((long) Validity.turn(region)).ladd();
        b.lcmp().ifne(refuse);
    }

    /** What a call may have changed, but for the registers. */
    void afterCall() {
        accesses.afterCall();
        mode();
    }

    /** Reads the state of fcsr, at the start and after calls. */
    void mode() {
        if (!floats) return;
        b.aload(Body.REGS).loadConstant(Registers.FCSR).laload();
        body.call(Body.FP, "mode", CD_int, CD_long);
        b.istore(Body.MODE);
    }
}
