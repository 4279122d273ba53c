package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.LEA;
import static vkernel.host.riscv.amd64.Asm.MOV;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.State.WINDOW;

import org.jspecify.annotations.Nullable;
import vkernel.host.Vpte;
import vkernel.host.Window;
import vkernel.host.engine.Registers;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** Loads and stores, by the hart's window. */
final class MemoryCode {
    private static final int TAG_SHIFT = Vpte.PAGE_SHIFT - 3;
    private static final int PAGE = -Vpte.PAGE_SIZE;

    private final Body body;
    private final Asm asm;
    private final FloatCode floats;

    MemoryCode(Body body, FloatCode floats) {
        this.body = body;
        this.floats = floats;
        this.asm = body.asm;
    }

    void write(Insn i, Checks.@Nullable Range range) {
        int base;
        if (range == null) base = body.read(i.rs1(), RCX);
        else base = check(i, range);
        asm.rm32(LEA, RAX, base, i.imm());
        if (i.load()) load(i);
        else store(i);
    }

    /**
     * Sees to it that a range is in open pages, or leaves the block before anything is done of the instruction.
     *
     * @return the register in which the base is
     */
    int check(Insn i, Checks.Range range) {
        Asm.Label start = new Asm.Label();
        Asm.Label open = new Asm.Label();
        Asm.Label shut = new Asm.Label();
        asm.bind(start);
        int base = body.read(i.rs1(), RCX);
        int tags = (int) (range.write() ? Window.WRITABLE : Window.READABLE);
        if (range.least() == 0) asm.rotated(RAX, base, TAG_SHIFT);
        else place(base, range.least());
        asm.ri32(Asm.AND_I, RAX, (int) Window.TAGS);
        if (range.most() == 0) asm.rr(MOV, RDX, base);
        else asm.rm(LEA, RDX, base, range.most());
        asm.ri(Asm.AND_I, RDX, PAGE);
        asm.rx(Asm.CMP, RDX, WINDOW, RAX, tags);
        asm.jcc(Asm.NOT_EQUAL, shut);
        asm.bind(open);
        int before = body.done();
        body.late(() -> {
            asm.bind(shut);
            if (range.least() != range.most()) inTwoPages(base, range, tags, open);
            Asm.Label resume = new Asm.Label();
            body.leave(CodeSpace.SHUT, i.va(), before, resume);
            asm.bind(resume);
            body.count(-before);
            asm.jmp(start);
        });
        return base;
    }

    /** The range may lie in two pages that are both open. The page of its last byte is in rdx. */
    private void inTwoPages(int base, Checks.Range range, int tags, Asm.Label open) {
        Asm.Label no = new Asm.Label();
        place(base, range.most());
        asm.ri32(Asm.AND_I, RAX, (int) Window.TAGS);
        asm.rx(Asm.CMP, RDX, WINDOW, RAX, tags);
        asm.jcc(Asm.NOT_EQUAL, no);
        asm.rm(LEA, RDX, base, range.least());
        asm.rr(MOV, RAX, RDX);
        asm.shift(Asm.SHR_I, RAX, TAG_SHIFT);
        asm.ri32(Asm.AND_I, RAX, (int) Window.TAGS);
        asm.ri(Asm.AND_I, RDX, PAGE);
        asm.rx(Asm.CMP, RDX, WINDOW, RAX, tags);
        asm.jcc(Asm.EQUAL, open);
        asm.bind(no);
    }

    private void place(int base, int offset) {
        asm.rm(LEA, RAX, base, offset);
        asm.shift(Asm.SHR_I, RAX, TAG_SHIFT);
    }

    /** From the window at rax. */
    private void load(Insn i) {
        int rd = i.rd();
        if (rd >= Registers.F0 && rd != Registers.SCRATCH) {
            loadFloat(i);
            return;
        }
        int to = body.target(rd, RAX);
        switch (i.op()) {
            case Op.LB -> asm.rx(Asm.MOVSX8, to, WINDOW, RAX, 0);
            case Op.LH -> asm.rx(Asm.MOVSX16, to, WINDOW, RAX, 0);
            case Op.LW -> asm.rx(Asm.MOVSXD, to, WINDOW, RAX, 0);
            case Op.LBU -> asm.rx32(Asm.MOVZX8, to, WINDOW, RAX, 0);
            case Op.LHU -> asm.rx32(Asm.MOVZX16, to, WINDOW, RAX, 0);
            case Op.LWU -> asm.rx32(MOV, to, WINDOW, RAX, 0);
            default -> asm.rx(MOV, to, WINDOW, RAX, 0);
        }
        body.write(rd, to);
    }

    private void loadFloat(Insn i) {
        int vector = State.vector(i.rd());
        int to = vector < 0 ? 0 : vector;
        if (i.op() == Op.FLW) {
            asm.vx(Asm.SINGLE, Asm.MOVSD_LOAD, 0, WINDOW, RAX, 0);
            floats.box(to, 0);
        } else {
            asm.vx(Asm.DOUBLE, Asm.MOVSD_LOAD, to, WINDOW, RAX, 0);
        }
        floats.set(i.rd(), to, i.op() == Op.FLW);
    }

    /** To the window at rax. */
    private void store(Insn i) {
        int vector = State.vector(i.rs2());
        if (vector >= 0) {
            asm.vx(i.op() == Op.SD ? Asm.DOUBLE : Asm.SINGLE, Asm.MOVSD_STORE, vector, WINDOW, RAX, 0);
            return;
        }
        int from = body.read(i.rs2(), RDX);
        switch (i.op()) {
            case Op.SB -> asm.store8(from, WINDOW, RAX);
            case Op.SH -> asm.store16(from, WINDOW, RAX);
            case Op.SW -> asm.rx32(Asm.STORE, from, WINDOW, RAX, 0);
            default -> asm.rx(Asm.STORE, from, WINDOW, RAX, 0);
        }
    }
}
