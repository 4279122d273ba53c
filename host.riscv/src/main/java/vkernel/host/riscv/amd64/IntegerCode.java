package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.LEA;
import static vkernel.host.riscv.amd64.Asm.MOV;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.State.FRAME;

import vkernel.host.engine.Registers;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/** Arithmetic on integers: RV64I and M. */
final class IntegerCode {
    private final Body body;
    private final Asm asm;

    IntegerCode(Body body) {
        this.body = body;
        this.asm = body.asm;
    }

    void write(Insn i) {
        if (i.rd() == Registers.SCRATCH) return;
        switch (i.op()) {
            case Op.LI -> constant(i.rd(), i.imm());
            case Op.AUIPC -> constant(i.rd(), i.va() + i.imm());
            case Op.MV -> move(i);
            case Op.ADDI -> addi(i);
            case Op.ADD -> add(i);
            case Op.SUB -> both(i, Asm.SUB, false);
            case Op.AND -> both(i, Asm.AND, true);
            case Op.OR -> both(i, Asm.OR, true);
            case Op.XOR -> both(i, Asm.XOR, true);
            case Op.MUL -> both(i, Asm.IMUL, true);
            case Op.XORI -> immediate(i, Asm.XOR_I);
            case Op.ORI -> immediate(i, Asm.OR_I);
            case Op.ANDI -> immediate(i, Asm.AND_I);
            case Op.SLLI -> shift(i, Asm.SHL_I);
            case Op.SRLI -> shift(i, Asm.SHR_I);
            case Op.SRAI -> shift(i, Asm.SAR_I);
            case Op.SLL -> shiftBy(i, Asm.PACKED_DOUBLE);
            case Op.SRL -> shiftBy(i, Asm.DOUBLE);
            case Op.SRA -> shiftBy(i, Asm.SINGLE);
            case Op.SLT -> lessThan(i, Asm.LESS);
            case Op.SLTU -> lessThan(i, Asm.BELOW);
            case Op.SLTI -> lessThanImmediate(i, Asm.LESS);
            case Op.SLTIU -> lessThanImmediate(i, Asm.BELOW);
            case Op.ADDIW -> addiw(i);
            case Op.ADDW -> addw(i);
            case Op.SUBW -> both32(i, Asm.SUB);
            case Op.MULW -> both32(i, Asm.IMUL);
            case Op.SLLIW -> shift32(i, Asm.SHL_I);
            case Op.SRLIW -> shift32(i, Asm.SHR_I);
            case Op.SRAIW -> shift32(i, Asm.SAR_I);
            case Op.SLLW -> shiftBy32(i, Asm.PACKED_DOUBLE);
            case Op.SRLW -> shiftBy32(i, Asm.DOUBLE);
            case Op.SRAW -> shiftBy32(i, Asm.SINGLE);
            case Op.MULH -> high(i, Asm.IMUL_WIDE);
            case Op.MULHU -> high(i, Asm.MUL);
            case Op.MULHSU -> highOfBoth(i);
            case Op.DIV, Op.REM -> divide(i, true);
            case Op.DIVU, Op.REMU -> divide(i, false);
            case Op.DIVW, Op.REMW -> divide32(i, true);
            case Op.DIVUW, Op.REMUW -> divide32(i, false);
            default -> throw new IllegalArgumentException("no integer arithmetic: " + i);
        }
    }

    private void constant(int rd, long value) {
        if (State.home(rd) < 0 && value == (int) value) {
            asm.movMemory(FRAME, State.of(rd), (int) value);
            return;
        }
        int to = body.target(rd, RAX);
        asm.mov(to, value);
        body.write(rd, to);
    }

    private void move(Insn i) {
        int to = body.target(i.rd(), RAX);
        body.write(i.rd(), State.home(i.rd()) < 0 ? body.read(i.rs1(), RAX) : loaded(to, i.rs1()));
    }

    private int loaded(int register, int slot) {
        body.load(register, slot);
        return register;
    }

    private void addi(Insn i) {
        int from = State.home(i.rs1());
        if (i.rs1() == 0) {
            constant(i.rd(), i.imm());
        } else if (i.rd() == i.rs1()) {
            if (from >= 0) asm.ri(Asm.ADD_I, from, i.imm());
            else asm.mi(Asm.ADD_I, FRAME, State.of(i.rd()), i.imm());
        } else {
            int to = body.target(i.rd(), RAX);
            if (from >= 0) asm.rm(LEA, to, from, i.imm());
            else asm.ri(Asm.ADD_I, loaded(to, i.rs1()), i.imm());
            body.write(i.rd(), to);
        }
    }

    private void add(Insn i) {
        int a = State.home(i.rs1());
        int b = State.home(i.rs2());
        int to = body.target(i.rd(), RAX);
        if (a < 0 || b < 0 || to == a || to == b) {
            both(i, Asm.ADD, true);
            return;
        }
        asm.rx(LEA, to, a, b, 0);
        body.write(i.rd(), to);
    }

    private void both(Insn i, int opcode, boolean commutes) {
        int to = body.target(i.rd(), RAX);
        if (to != State.home(i.rs2()) || i.rs1() == i.rs2()) {
            body.load(to, i.rs1());
            body.operate(opcode, to, i.rs2());
        } else if (commutes) {
            body.operate(opcode, to, i.rs1());
        } else {
            body.load(RAX, i.rs1());
            body.operate(opcode, RAX, i.rs2());
            to = RAX;
        }
        body.write(i.rd(), to);
    }

    private void immediate(Insn i, int operation) {
        int to = loaded(body.target(i.rd(), RAX), i.rs1());
        asm.ri(operation, to, i.imm());
        body.write(i.rd(), to);
    }

    private void shift(Insn i, int operation) {
        int to = loaded(body.target(i.rd(), RAX), i.rs1());
        asm.shift(operation, to, i.imm());
        body.write(i.rd(), to);
    }

    private void shiftBy(Insn i, int prefix) {
        int to = body.target(i.rd(), RAX);
        asm.shiftBy(true, prefix, to, body.read(i.rs1(), RAX), body.read(i.rs2(), RCX));
        body.write(i.rd(), to);
    }

    private void shiftBy32(Insn i, int prefix) {
        asm.shiftBy(false, prefix, RAX, body.read(i.rs1(), RAX), body.read(i.rs2(), RCX));
        body.writeInt(i.rd(), RAX);
    }

    private void lessThan(Insn i, int condition) {
        body.compare(i.rs1(), i.rs2(), RAX);
        flag(i.rd(), condition);
    }

    private void lessThanImmediate(Insn i, int condition) {
        asm.ri(Asm.CMP_I, body.read(i.rs1(), RAX), i.imm());
        flag(i.rd(), condition);
    }

    private void flag(int rd, int condition) {
        asm.set(condition, RAX);
        int to = body.target(rd, RAX);
        asm.rr8(Asm.MOVZX8, to, RAX);
        body.write(rd, to);
    }

    private void addiw(Insn i) {
        int from = State.home(i.rs1());
        if (i.imm() == 0) {
            int to = body.target(i.rd(), RAX);
            if (from >= 0 || State.vector(i.rs1()) >= 0) asm.rr(Asm.MOVSXD, to, body.read(i.rs1(), RAX));
            else asm.rm(Asm.MOVSXD, to, FRAME, State.of(i.rs1()));
            body.write(i.rd(), to);
            return;
        }
        if (from >= 0) {
            asm.rm32(LEA, RAX, from, i.imm());
        } else {
            low(i.rs1());
            asm.ri32(Asm.ADD_I, RAX, i.imm());
        }
        body.writeInt(i.rd(), RAX);
    }

    private void addw(Insn i) {
        int a = State.home(i.rs1());
        int b = State.home(i.rs2());
        if (a < 0 || b < 0) {
            both32(i, Asm.ADD);
            return;
        }
        asm.rx32(LEA, RAX, a, b, 0);
        body.writeInt(i.rd(), RAX);
    }

    private void both32(Insn i, int opcode) {
        low(i.rs1());
        body.operate32(opcode, RAX, i.rs2());
        body.writeInt(i.rd(), RAX);
    }

    private void shift32(Insn i, int operation) {
        if (operation == Asm.SHR_I && i.imm() != 0) {
            unsigned(i);
            return;
        }
        low(i.rs1());
        asm.shift32(operation, RAX, i.imm());
        body.writeInt(i.rd(), RAX);
    }

    /** What is shifted right is positive, so extended already. */
    private void unsigned(Insn i) {
        int to = body.target(i.rd(), RAX);
        low(to, i.rs1());
        asm.shift32(Asm.SHR_I, to, i.imm());
        body.write(i.rd(), to);
    }

    /** Puts the low half of a slot into eax. */
    private void low(int slot) {
        low(RAX, slot);
    }

    private void low(int register, int slot) {
        int home = State.home(slot);
        if (home >= 0) asm.rr32(MOV, register, home);
        else body.load(register, slot);
    }

    private void high(Insn i, int operation) {
        body.load(RAX, i.rs1());
        asm.unary(operation, body.read(i.rs2(), RCX));
        body.write(i.rd(), RDX);
    }

    /** The first signed, the second not: less the second if the first is negative. */
    private void highOfBoth(Insn i) {
        body.load(RAX, i.rs1());
        body.load(RCX, i.rs2());
        asm.unary(Asm.MUL, RCX);
        body.load(RAX, i.rs1());
        asm.shift(Asm.SAR_I, RAX, 63);
        asm.rr(Asm.AND, RAX, RCX);
        asm.rr(Asm.SUB, RDX, RAX);
        body.write(i.rd(), RDX);
    }

    /** Neither a division by 0 nor one that overflows traps (The RISC-V Instruction Set Manual, "M" extension). */
    private void divide(Insn i, boolean signed) {
        boolean remainder = i.op() == Op.REM || i.op() == Op.REMU;
        Asm.Label zero = new Asm.Label();
        Asm.Label negate = new Asm.Label();
        Asm.Label end = new Asm.Label();
        body.load(RAX, i.rs1());
        body.load(RCX, i.rs2());
        asm.rr(Asm.TEST, RCX, RCX);
        asm.jcc(Asm.EQUAL, zero);
        if (signed) {
            asm.ri(Asm.CMP_I, RCX, -1);
            asm.jcc(Asm.EQUAL, negate);
            asm.cqo();
            asm.unary(Asm.IDIV, RCX);
        } else {
            asm.mov(RDX, 0);
            asm.unary(Asm.DIV, RCX);
        }
        if (remainder) asm.rr(MOV, RAX, RDX);
        asm.bind(end);
        body.write(i.rd(), RAX);
        body.late(() -> {
            asm.bind(zero);
            if (!remainder) asm.mov(RAX, -1);
            asm.jmp(end);
            if (!signed) return;
            asm.bind(negate);
            if (remainder) asm.mov(RAX, 0);
            else asm.unary(Asm.NEG, RAX);
            asm.jmp(end);
        });
    }

    private void divide32(Insn i, boolean signed) {
        boolean remainder = i.op() == Op.REMW || i.op() == Op.REMUW;
        Asm.Label zero = new Asm.Label();
        Asm.Label negate = new Asm.Label();
        Asm.Label end = new Asm.Label();
        body.load(RAX, i.rs1());
        body.load(RCX, i.rs2());
        asm.rr32(Asm.TEST, RCX, RCX);
        asm.jcc(Asm.EQUAL, zero);
        if (signed) {
            asm.ri32(Asm.CMP_I, RCX, -1);
            asm.jcc(Asm.EQUAL, negate);
            asm.cdq();
            asm.unary32(Asm.IDIV, RCX);
        } else {
            asm.mov(RDX, 0);
            asm.unary32(Asm.DIV, RCX);
        }
        if (remainder) asm.rr32(MOV, RAX, RDX);
        asm.bind(end);
        body.writeInt(i.rd(), RAX);
        body.late(() -> {
            asm.bind(zero);
            if (!remainder) asm.mov(RAX, -1);
            asm.jmp(end);
            if (!signed) return;
            asm.bind(negate);
            if (remainder) asm.mov(RAX, 0);
            else asm.unary32(Asm.NEG, RAX);
            asm.jmp(end);
        });
    }
}
