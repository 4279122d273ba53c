package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.LEA;
import static vkernel.host.riscv.amd64.Asm.MOV;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.State.WINDOW;

import org.jspecify.annotations.Nullable;
import vkernel.host.MicroTlb;
import vkernel.host.Vpte;
import vkernel.host.Window;
import vkernel.host.engine.Registers;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * Loads and stores, by the hart's window; or, in code for where pages are not open, by its small TLB, each access by itself.
 * Either way the byte is at a distance from the window's base.
 */
final class MemoryCode {
    private static final int TAG_SHIFT = Vpte.PAGE_SHIFT - 3;
    private static final int PAGE = -Vpte.PAGE_SIZE;

    private final Body body;
    private final Asm asm;
    private final FloatCode floats;
    private final boolean translates;

    /** @param translates whether by the small TLB */
    MemoryCode(Body body, FloatCode floats, boolean translates) {
        this.body = body;
        this.floats = floats;
        this.translates = translates;
        this.asm = body.asm;
    }

    void write(Insn i, Checks.@Nullable Range range) {
        if (translates) translate(i, i.imm(), i.size(), i.store());
        else asm.rm32(LEA, RAX, range == null ? body.read(i.rs1(), RCX) : check(i, range), i.imm());
        if (i.load()) load(i);
        else store(i);
    }

    /** Has in rax how far from the window's base the aligned bytes are that an atomic operation is on. */
    void atomic(Insn i, int size, boolean write) {
        if (translates) translate(i, 0, size, write);
        else asm.rm32(LEA, RAX, check(i, new Checks.Range(0, size - 1, write)), 0);
    }

    /** Has in rax how far from the window's base the bytes are, or leaves the block before anything is done of the instruction. */
    private void translate(Insn i, int offset, int size, boolean write) {
        Asm.Label start = new Asm.Label();
        Asm.Label missed = new Asm.Label();
        int entry = (int) (write ? MicroTlb.WRITES : MicroTlb.READS);
        asm.bind(start);
        asm.rm(LEA, RDX, body.read(i.rs1(), RCX), offset);
        asm.rotated(RAX, RDX, MicroTlb.SHIFT);
        asm.ri32(Asm.AND_I, RAX, MicroTlb.MASK);
        asm.rm(LEA, RCX, RDX, size - 1);
        asm.ri(Asm.AND_I, RCX, PAGE);
        asm.rx(Asm.CMP, RCX, WINDOW, RAX, entry);
        asm.jcc(Asm.NOT_EQUAL, missed);
        asm.rx(MOV, RAX, WINDOW, RAX, entry + MicroTlb.ADDEND);
        asm.rr(Asm.ADD, RAX, RDX);
        int before = body.done();
        body.late(() -> {
            asm.bind(missed);
            leaveOrRetry(CodeSpace.MISSED, i, before, start);
        });
    }

    private void leaveOrRetry(int kind, Insn i, int before, Asm.Label start) {
        Asm.Label resume = new Asm.Label();
        body.leave(kind, i.va(), before, resume);
        asm.bind(resume);
        body.count(-before);
        asm.jmp(start);
    }

    /**
     * Sees to it that a range is in open pages, or goes on in the block's twin, or leaves; before anything is done of the
     * instruction.
     *
     * @return the register in which the base is
     */
    private int check(Insn i, Checks.Range range) {
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
            Asm.Label often = new Asm.Label();
            asm.mi32(Asm.SUB_I, WINDOW, (int) MicroTlb.PATIENCE, 1);
            asm.jcc(Asm.SIGN, often);
            body.count(before);
            body.linked(CodeSpace.TWIN, i.va());
            asm.bind(often);
            leaveOrRetry(CodeSpace.SHUT, i, before, start);
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

    /** From where rax tells. */
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

    /** To where rax tells. */
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
