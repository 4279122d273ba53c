package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.MOV;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.Asm.STORE;
import static vkernel.host.riscv.amd64.State.FRAME;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.engine.Registers;
import vkernel.host.riscv.Insn;

/** What the writers of a block's instructions share: operands, the count of what is done, and ways out. */
final class Body {
    /** Moves of 64 bits between a vector register and another; the vector register is named first. */
    private static final int FROM_VECTOR = 0x0F7E;

    private static final int TO_VECTOR = 0x0F6E;

    final Asm asm;
    final CodeSpace space;

    private final List<Runnable> late = new ArrayList<>();
    /** Instructions of the block before the one that is being written. */
    private int done;

    private Insn insn;
    private Asm.@Nullable Label step;

    Body(Asm asm, CodeSpace space, Insn first) {
        this.asm = asm;
        this.space = space;
        this.insn = first;
    }

    /** Begins an instruction. */
    void begin(Insn next) {
        insn = next;
    }

    /** Ends an instruction, with which the block goes on. */
    void end() {
        done++;
        Asm.Label left = step;
        if (left == null) return;
        step = null;
        Asm.Label after = new Asm.Label();
        asm.bind(after);
        Insn of = insn;
        int before = done - 1;
        late(() -> {
            asm.bind(left);
            Asm.Label resume = new Asm.Label();
            leave(CodeSpace.STEP, of.va(), before, resume);
            asm.bind(resume);
            count(-before - 1);
            asm.jmp(after);
        });
    }

    int done() {
        return done;
    }

    /** Writes what is seldom executed behind the block. */
    void late(Runnable code) {
        late.add(code);
    }

    /** Ends the block. */
    void finish() {
        for (int i = 0; i < late.size(); i++) late.get(i).run(); // some add more
    }

    /** To jump to when the interpreter is to do this instruction, of which nothing is done yet. */
    Asm.Label step() {
        Asm.Label to = step;
        if (to == null) step = to = new Asm.Label();
        return to;
    }

    /** Counts instructions that have retired. */
    void count(int instructions) {
        if (instructions != 0) asm.mi32(Asm.SUB_I, FRAME, State.LEFT, instructions);
    }

    /** Leaves machine code. @param before instructions of the block that have retired */
    void leave(int kind, long pc, int before, Asm.@Nullable Label resume) {
        count(before);
        asm.mov(RCX, pc);
        if (resume == null) asm.mov(RDX, 0);
        else asm.lea(RDX, resume);
        asm.jmp(space.exit(kind));
    }

    /** Goes on at an address in code that is not known yet: leaves, and is patched. @param kind what is wanted there */
    void linked(int kind, long target) {
        Asm.Label unknown = new Asm.Label();
        long distance = asm.patchable(unknown);
        late(() -> {
            asm.bind(unknown);
            asm.mov(RCX, target);
            asm.mov(RDX, distance);
            asm.jmp(space.exit(kind));
        });
    }

    /** A register that holds a slot: its home, or the scratch register given. */
    int read(int slot, int scratch) {
        int home = State.home(slot);
        if (home >= 0) return home;
        load(scratch, slot);
        return scratch;
    }

    /** Puts a slot into a register; flags stay as they are. */
    void load(int register, int slot) {
        int home = State.home(slot);
        if (slot == 0) asm.mov(register, 0);
        else if (State.vector(slot) >= 0) asm.vvWide(Asm.PACKED_DOUBLE, FROM_VECTOR, State.vector(slot), register);
        else if (home < 0) asm.rm(MOV, register, FRAME, State.of(slot));
        else if (home != register) asm.rr(MOV, register, home);
    }

    /** Where to make the value of a slot: its home, or the scratch register given; {@link #write} must follow. */
    int target(int slot, int scratch) {
        int home = State.home(slot);
        return home >= 0 ? home : scratch;
    }

    /** Sets a slot to a register. */
    void write(int slot, int register) {
        if (slot == Registers.SCRATCH) return;
        int home = State.home(slot);
        if (State.vector(slot) >= 0) asm.vvWide(Asm.PACKED_DOUBLE, TO_VECTOR, State.vector(slot), register);
        else if (home < 0) asm.rm(STORE, register, FRAME, State.of(slot));
        else if (home != register) asm.rr(MOV, home, register);
    }

    /** Sets a slot to the low half of a register, sign-extended. */
    void writeInt(int slot, int register) {
        int to = target(slot, register);
        asm.rr(Asm.MOVSXD, to, register);
        write(slot, to);
    }

    /** {@code register = register op slot}. */
    void operate(int opcode, int register, int slot) {
        int home = State.home(slot);
        if (home >= 0) {
            asm.rr(opcode, register, home);
        } else if (slot == 0) {
            asm.mov(RDX, 0);
            asm.rr(opcode, register, RDX);
        } else {
            asm.rm(opcode, register, FRAME, State.of(slot));
        }
    }

    /** The same with the low halves. */
    void operate32(int opcode, int register, int slot) {
        int home = State.home(slot);
        if (home >= 0) {
            asm.rr32(opcode, register, home);
        } else if (slot == 0) {
            asm.mov(RDX, 0);
            asm.rr32(opcode, register, RDX);
        } else {
            asm.rm32(opcode, register, FRAME, State.of(slot));
        }
    }

    /** Sets the flags by two slots; a scratch register may be lost. */
    void compare(int first, int second, int scratch) {
        int a = read(first, scratch);
        if (second == 0) asm.rr(Asm.TEST, a, a);
        else operate(Asm.CMP, a, second);
    }
}
