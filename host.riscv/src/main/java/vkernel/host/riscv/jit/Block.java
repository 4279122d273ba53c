package vkernel.host.riscv.jit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;

/** A stretch of guest code that is entered at its start and left at its end, in a region under translation. */
final class Block {
    /** How a block ends. */
    enum End {
        /** It runs into the block behind it. */
        FALL,
        /** A conditional branch: {@link #taken} or {@link #next}. */
        BRANCH,
        /** A direct jump. */
        JUMP,
        /** A direct call; {@link #next} is where it returns. */
        CALL,
        /** A direct call of where the region begins: a jump there, {@link #taken}, and returns know the way back. */
        RECURSION,
        /** A call of a register's value. */
        CALL_REGISTER,
        /** A return. */
        RETURN,
        /** A jump to a register's value. */
        JUMP_REGISTER,
        /** Its last instruction is the interpreter's. */
        STOP
    }

    final long start;
    /** Its instructions; the one that ends it is the last. */
    final List<Insn> body = new ArrayList<>();

    End end = End.FALL;
    /** Where it may go on. */
    long nextVa;

    long takenVa;
    /** The blocks there; null when they are not of the region. */
    @Nullable
    Block next;

    @Nullable
    Block taken;

    /** Where a jump to a register's value was seen to lead, or a return behind a recursion. */
    final List<Block> targets = new ArrayList<>();

    /** Registers that may have been written since the region was entered or a call returned, at the start. */
    long dirtyIn;
    /** Registers whose value is needed at the start. */
    long liveIn;
    /** Registers that hold a sign-extended 32-bit value at the start. */
    long intsIn;

    Block(long start) {
        this.start = start;
    }

    Insn last() {
        return body.getLast();
    }

    boolean calls() {
        return end == End.CALL || end == End.CALL_REGISTER;
    }
}
