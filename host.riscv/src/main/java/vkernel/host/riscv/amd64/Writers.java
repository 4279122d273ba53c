package vkernel.host.riscv.amd64;

import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Csrs;
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

    Writers(Body body, JumpCode jumps) {
        this.body = body;
        this.jumps = jumps;
        this.integers = new IntegerCode(body);
        this.memory = new MemoryCode(body);
        this.atomics = new AtomicCode(body, memory);
        this.floats = new FloatCode(body);
    }

    /** An instruction that another follows. @param range what is to be checked before it */
    void one(Insn i, Checks.@Nullable Range range) {
        if (i.branch()) jumps.branch(i);
        else if (i.memory()) memory.write(i, range);
        else if (i.atomic()) atomics.write(i);
        else if (i.floating()) floats.write(i);
        else if (i.op() == Op.FENCE) body.asm.mfence();
        else if (i.op() >= Op.CSRRW && i.op() <= Op.CSRRCI) csr(i);
        else integers.write(i);
        body.end();
    }

    private void csr(Insn i) {
        if (!Csrs.readsTime(i.op(), i.imm(), i.rs1())) {
            body.asm.jmp(body.step());
            return;
        }
        Asm.Label resume = new Asm.Label();
        body.count(body.done() + 1);
        body.asm.mov(Asm.RAX, CodeSpace.TIME | i.rd() << CodeSpace.SLOT);
        body.asm.mov(Asm.RCX, i.next());
        body.asm.lea(Asm.RDX, resume);
        body.asm.jmp(body.space.exit());
        body.asm.bind(resume);
        body.count(-body.done() - 1);
        body.vectors.load(body.vectors.held());
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
