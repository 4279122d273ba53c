package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.MOV;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.State.FRAME;
import static vkernel.host.riscv.amd64.State.WINDOW;

import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** The A extension: the host's atomic operations, with its full order. */
final class AtomicCode {
    private static final int CMOV = 0x0F40;

    private final Body body;
    private final Asm asm;
    private final MemoryCode memory;

    AtomicCode(Body body, MemoryCode memory) {
        this.body = body;
        this.asm = body.asm;
        this.memory = memory;
    }

    void write(Insn i) {
        boolean wide = i.wide();
        int size = wide ? Long.BYTES : Integer.BYTES;
        boolean loads = i.op() == Op.LR_W || i.op() == Op.LR_D;
        boolean conditional = i.op() == Op.SC_W || i.op() == Op.SC_D;
        body.load(RAX, i.rs1());
        asm.ri32(Asm.AND_I, RAX, size - 1);
        asm.jcc(Asm.NOT_EQUAL, body.step());
        if (conditional) unlessReserved(i, wide);
        memory.atomic(i, size, !loads);
        if (loads) {
            reserve(i, wide);
            return;
        }
        asm.rr(MOV, RCX, RAX);
        if (conditional) storeConditional(i, wide);
        else update(i, wide);
    }

    /** An sc that fails is the interpreter's. */
    private void unlessReserved(Insn i, boolean wide) {
        body.load(RDX, i.rs1());
        if (wide) asm.ri(Asm.OR_I, RDX, 1);
        asm.rm(Asm.CMP, RDX, FRAME, State.RESERVATION);
        asm.jcc(Asm.NOT_EQUAL, body.step());
    }

    private void reserve(Insn i, boolean wide) {
        asm.rx(wide ? MOV : Asm.MOVSXD, RDX, WINDOW, RAX, 0);
        body.load(RAX, i.rs1());
        if (wide) asm.ri(Asm.OR_I, RAX, 1);
        asm.rm(Asm.STORE, RAX, FRAME, State.RESERVATION);
        asm.rm(Asm.STORE, RDX, FRAME, State.RESERVED);
        body.write(i.rd(), RDX);
    }

    private void storeConditional(Insn i, boolean wide) {
        int value = body.read(i.rs2(), RDX);
        asm.rm(MOV, RAX, FRAME, State.RESERVED);
        exchangeIfEqual(value, wide);
        asm.movMemory(FRAME, State.RESERVATION, -1);
        asm.set(Asm.NOT_EQUAL, RAX);
        asm.rr8(Asm.MOVZX8, RAX, RAX);
        body.write(i.rd(), RAX);
    }

    private void exchangeIfEqual(int value, boolean wide) {
        asm.lock();
        if (wide) asm.rx(Asm.CMPXCHG, value, WINDOW, RCX, 0);
        else asm.rx32(Asm.CMPXCHG, value, WINDOW, RCX, 0);
    }

    private void update(Insn i, boolean wide) {
        int op = i.op() & ~1;
        if (op == Op.AMOADD_W || op == Op.AMOSWAP_W) {
            body.load(RDX, i.rs2());
            if (op == Op.AMOADD_W) asm.lock();
            int opcode = op == Op.AMOADD_W ? Asm.XADD : Asm.XCHG;
            if (wide) asm.rx(opcode, RDX, WINDOW, RCX, 0);
            else asm.rx32(opcode, RDX, WINDOW, RCX, 0);
            result(i, RDX, wide);
            return;
        }
        if (wide) asm.rx(MOV, RAX, WINDOW, RCX, 0);
        else asm.rx32(MOV, RAX, WINDOW, RCX, 0);
        Asm.Label again = new Asm.Label();
        asm.bind(again);
        body.load(RDX, i.rs2());
        combine(op, wide);
        exchangeIfEqual(RDX, wide);
        asm.jcc(Asm.NOT_EQUAL, again);
        result(i, RAX, wide);
    }

    /** {@code rdx = rax op rdx}. */
    private void combine(int op, boolean wide) {
        int simple = switch (op) {
            case Op.AMOXOR_W -> Asm.XOR;
            case Op.AMOAND_W -> Asm.AND;
            case Op.AMOOR_W -> Asm.OR;
            default -> 0;
        };
        if (simple != 0) {
            asm.rr(simple, RDX, RAX);
            return;
        }
        int condition = switch (op) {
            case Op.AMOMIN_W -> Asm.LESS;
            case Op.AMOMAX_W -> Asm.GREATER_EQUAL;
            case Op.AMOMINU_W -> Asm.BELOW;
            default -> Asm.ABOVE_EQUAL;
        };
        if (wide) asm.rr(Asm.CMP, RAX, RDX);
        else asm.rr32(Asm.CMP, RAX, RDX);
        asm.rr(CMOV | condition, RDX, RAX);
    }

    private void result(Insn i, int register, boolean wide) {
        if (wide) body.write(i.rd(), register);
        else body.writeInt(i.rd(), register);
    }
}
