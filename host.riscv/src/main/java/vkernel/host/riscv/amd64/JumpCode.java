package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.LEA;
import static vkernel.host.riscv.amd64.Asm.MOV;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.State.FRAME;

import vkernel.host.Vpte;
import vkernel.host.engine.Registers;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;
import vkernel.host.riscv.Without;

/**
 * Jumps and branches. From block to block of one page they are the host's, once the target is there; to another page, or
 * to where a register points, they look into the {@link JumpCache}. Whoever jumps back, or through a register, looks
 * whether the hart is wanted; whoever leaves the page too, whether it may still retire.
 */
final class JumpCode {
    private final Body body;
    private final Asm asm;
    private final long entry;
    private final Asm.Label start;

    /** @param entry where jumps lead to {@code start}, the block's code; -1 for none */
    JumpCode(Body body, long entry, Asm.Label start) {
        this.body = body;
        this.asm = body.asm;
        this.entry = entry;
        this.start = start;
    }

    /** The block goes on behind a branch that is not taken. */
    void branch(Insn i) {
        Asm.Label taken = new Asm.Label();
        body.compare(i.rs1(), i.rs2(), RAX);
        asm.jcc(condition(i.op()), taken);
        int executed = body.done() + 1;
        body.late(() -> {
            asm.bind(taken);
            direct(i.va(), i.target(), executed);
        });
    }

    /** The block ends with a branch back, which is likely to be taken. */
    void loop(Insn i) {
        Asm.Label over = new Asm.Label();
        body.compare(i.rs1(), i.rs2(), RAX);
        asm.jcc(condition(i.op()) ^ 1, over);
        int executed = body.done() + 1;
        direct(i.va(), i.target(), executed);
        body.late(() -> {
            asm.bind(over);
            direct(i.va(), i.next(), executed);
        });
    }

    void jump(Insn i) {
        link(i);
        direct(i.va(), i.target(), body.done() + 1);
    }

    private void link(Insn i) {
        if (i.rd() == Registers.SCRATCH) return;
        int to = body.target(i.rd(), RAX);
        asm.mov(to, i.next());
        body.write(i.rd(), to);
    }

    private void countDone(int executed) {
        if (!Without.BUDGET) body.count(executed);
    }

    /** Goes on elsewhere after so many instructions of the block. */
    void direct(long from, long target, int executed) {
        countDone(executed);
        boolean near = (from ^ target) >>> Vpte.PAGE_SHIFT == 0;
        if (target <= from || !near) {
            Asm.Label stop = new Asm.Label();
            if (!Without.BUDGET) asm.jcc(Asm.SIGN, stop);
            if (target <= from && !Without.ATTENTION) {
                asm.mi32(Asm.CMP_I, FRAME, State.ATTENTION, 0);
                asm.jcc(Asm.NOT_EQUAL, stop);
            }
            body.late(() -> {
                asm.bind(stop);
                asm.mov(RCX, target);
                asm.jmp(body.space.exit(CodeSpace.GO));
            });
        }
        if (target == entry) asm.jmp(start);
        else if (near) body.linked(CodeSpace.LINK, target);
        else {
            asm.mov(RCX, target);
            asm.rm(MOV, RAX, FRAME, State.JUMPS);
            asm.rm(Asm.CMP, RCX, RAX, JumpCache.offset(target));
            asm.jcc(Asm.NOT_EQUAL, body.space.exit(CodeSpace.GO));
            asm.jmpMemory(RAX, JumpCache.offset(target) + Long.BYTES);
        }
    }

    void indirect(Insn i) {
        asm.rm(LEA, RCX, body.read(i.rs1(), RCX), i.imm());
        asm.ri(Asm.AND_I, RCX, -2);
        link(i);
        countDone(body.done() + 1);
        long go = body.space.exit(CodeSpace.GO);
        if (!Without.BUDGET) asm.jcc(Asm.SIGN, go);
        if (!Without.ATTENTION) {
            asm.mi32(Asm.CMP_I, FRAME, State.ATTENTION, 0);
            asm.jcc(Asm.NOT_EQUAL, go);
        }
        asm.rm(MOV, RAX, FRAME, State.JUMPS);
        asm.rotated(RDX, RCX, JumpCache.FOLD);
        asm.rr32(Asm.XOR, RDX, RCX);
        asm.shift32(Asm.SHL_I, RDX, JumpCache.SHIFT);
        asm.ri32(Asm.AND_I, RDX, JumpCache.MASK);
        asm.rx(Asm.CMP, RCX, RAX, RDX, 0);
        asm.jcc(Asm.NOT_EQUAL, go);
        asm.jmpMemory(RAX, RDX, Long.BYTES);
    }

    private static int condition(int op) {
        return switch (op) {
            case Op.BEQ -> Asm.EQUAL;
            case Op.BNE -> Asm.NOT_EQUAL;
            case Op.BLT -> Asm.LESS;
            case Op.BGE -> Asm.GREATER_EQUAL;
            case Op.BLTU -> Asm.BELOW;
            default -> Asm.ABOVE_EQUAL;
        };
    }
}
