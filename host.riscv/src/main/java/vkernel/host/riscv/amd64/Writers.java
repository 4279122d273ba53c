package vkernel.host.riscv.amd64;

import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** Who writes which instruction. */
final class Writers {
    final JumpCode jumps;

    private final Body body;
    private final IntegerCode integers;
    private final MemoryCode memory;
    private final AtomicCode atomics;
    private final FloatCode floats;
    private final CsrCode csrs;

    Writers(Body body, JumpCode jumps, boolean translates) {
        this.body = body;
        this.jumps = jumps;
        this.integers = new IntegerCode(body);
        this.floats = new FloatCode(body);
        this.memory = new MemoryCode(body, floats, translates);
        this.csrs = new CsrCode(body, floats);
        this.atomics = new AtomicCode(body, memory);
    }

    /** An instruction that another follows. @param range what is to be checked before it */
    void one(Insn i, Checks.@Nullable Range range) {
        floats.before(i);
        if (i.branch()) jumps.branch(i);
        else if (i.memory()) memory.write(i, range);
        else if (i.atomic()) atomics.write(i);
        else if (i.floating()) floats.write(i);
        else if (i.op() == Op.FENCE) body.asm.mfence();
        else if (i.op() >= Op.CSRRW && i.op() <= Op.CSRRCI) csrs.write(i);
        else integers.write(i);
        body.end();
    }

    /** The instruction with which a block ends. */
    void last(Insn i) {
        switch (i.op()) {
            case Op.JAL -> jumps.jump(i);
            case Op.JALR -> jumps.indirect(i);
            case Op.ECALL -> body.leave(CodeSpace.SYSCALL, i.va(), body.done(), null);
            case Op.EBREAK, Op.ILLEGAL, Op.FENCE_I -> body.leave(CodeSpace.STEP, i.va(), body.done(), null);
            default -> jumps.loop(i);
        }
    }
}
