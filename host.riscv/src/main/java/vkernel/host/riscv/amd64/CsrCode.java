package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.MOV;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.State.FRAME;

import vkernel.host.Clock;
import vkernel.host.engine.Registers;
import vkernel.host.riscv.Csrs;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** The control and status registers that programs use in loops: the time, and the flags of floats (C: isless, fenv.h). */
final class CsrCode {
    private static final int FLAGS = 31;

    private final Body body;
    private final Asm asm;
    private final FloatCode floats;

    CsrCode(Body body, FloatCode floats) {
        this.body = body;
        this.asm = body.asm;
        this.floats = floats;
    }

    void write(Insn i) {
        if (Csrs.readsTime(i.op(), i.imm(), i.rs1())) time(i);
        else if (i.imm() == Csrs.FFLAGS && i.op() == Op.CSRRS && i.rs1() == 0) readFlags(i);
        else if (i.imm() == Csrs.FFLAGS && i.op() == Op.CSRRW) replaceFlags(i);
        else asm.jmp(body.step());
    }

    /** Reads the host's clock, if that is allowed. */
    private void time(Insn i) {
        Asm.Label ask = new Asm.Label();
        Asm.Label done = new Asm.Label();
        asm.mi32(Asm.CMP_I, FRAME, State.ATTENTION, 0);
        asm.jcc(Asm.NOT_EQUAL, ask);
        asm.mi(Asm.CMP_I, FRAME, State.ORIGIN, (int) Clock.NO_ORIGIN);
        asm.jcc(Asm.EQUAL, ask);
        asm.call(body.space.clock());
        body.write(i.rd(), RAX);
        asm.bind(done);
        int before = body.done();
        body.late(() -> {
            asm.bind(ask);
            ask(i, before);
            asm.jmp(done);
        });
    }

    /** Leaves, comes back with the time in memory. @param before instructions of the block that have retired */
    private void ask(Insn i, int before) {
        Asm.Label resume = new Asm.Label();
        body.count(before + 1);
        asm.mov(RAX, CodeSpace.TIME | i.rd() << CodeSpace.SLOT);
        asm.mov(RCX, i.next());
        asm.lea(RDX, resume);
        asm.jmp(body.space.exit());
        asm.bind(resume);
        body.count(-before - 1);
    }

    private void readFlags(Insn i) {
        floats.load();
        flags();
        body.write(i.rd(), RAX);
    }

    private void replaceFlags(Insn i) {
        floats.load();
        if (i.rd() != Registers.SCRATCH) flags();
        body.load(RCX, i.rs1());
        asm.ri32(Asm.AND_I, RCX, FLAGS);
        asm.rm32(MOV, RDX, FRAME, State.of(Registers.FCSR));
        asm.ri32(Asm.AND_I, RDX, ~FLAGS);
        asm.rr32(Asm.OR, RDX, RCX);
        asm.rm32(Asm.STORE, RDX, FRAME, State.of(Registers.FCSR));
        asm.ldmxcsr(FRAME, State.CLEAN);
        body.write(i.rd(), RAX);
    }

    /** The guest's flags, those that the host has raised among them, in rax. */
    private void flags() {
        asm.stmxcsr(FRAME, State.STATUS);
        asm.rm32(MOV, RAX, FRAME, State.STATUS);
        asm.ri32(Asm.AND_I, RAX, HostFlags.MASK);
        asm.rx32(Asm.MOVZX8, RAX, FRAME, RAX, State.FLAGS);
        asm.rm32(Asm.OR, RAX, FRAME, State.of(Registers.FCSR));
        asm.ri32(Asm.AND_I, RAX, FLAGS);
    }
}
