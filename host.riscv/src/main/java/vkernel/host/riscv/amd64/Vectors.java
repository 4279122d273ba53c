package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.DOUBLE;
import static vkernel.host.riscv.amd64.Asm.SINGLE;
import static vkernel.host.riscv.amd64.State.FRAME;

import java.util.Arrays;

/**
 * Which of the guest's floats are in the host's vector registers too, at a place of a block. What is written goes to
 * memory at once, so nothing is lost where the block is left.
 */
final class Vectors {
    static final int LOAD = 0x0F10;
    static final int STORE = 0x0F11;

    private static final int COUNT = 16;
    /** Those before are anybody's. */
    private static final int FIRST = 2;

    private static final int NONE = -1;

    /** The contents of the registers: slots, and how they were loaded. */
    record Held(int[] slots, boolean[] wide) {}

    private final Asm asm;
    private final int[] slots = new int[COUNT];
    /** Whether all 64 bits of the slot are there; else the lower half alone. */
    private final boolean[] wide = new boolean[COUNT];
    /** Whether the slot is surely a boxed single: what made it was one, or the interpreter in its place. */
    private final boolean[] boxed = new boolean[COUNT];

    private int next = FIRST;

    Vectors(Asm asm) {
        this.asm = asm;
        Arrays.fill(slots, NONE);
    }

    /** A register with a slot's double, or its 64 bits. */
    int wide(int slot) {
        int known = find(slot);
        if (known >= 0 && wide[known]) return known;
        int register = known >= 0 ? known : fresh(slot);
        asm.vm(DOUBLE, LOAD, register, FRAME, State.of(slot));
        wide[register] = true;
        return register;
    }

    /** A register with a slot's single. @param unboxed jumped to if it is none */
    int single(int slot, Asm.Label unboxed) {
        int known = find(slot);
        if (known >= 0 && boxed[known]) return known;
        asm.mi32(Asm.CMP_I, FRAME, State.of(slot) + Integer.BYTES, -1);
        asm.jcc(Asm.NOT_EQUAL, unboxed);
        if (known >= 0) return known;
        int register = fresh(slot);
        asm.vm(SINGLE, LOAD, register, FRAME, State.of(slot));
        return register;
    }

    /** Sets a slot to a double, or to 64 bits. */
    void setWide(int slot, int from) {
        int register = hold(slot, from);
        wide[register] = true;
        boxed[register] = false;
        asm.vm(DOUBLE, STORE, register, FRAME, State.of(slot));
    }

    /** Sets a slot to a single. */
    void setSingle(int slot, int from) {
        int register = hold(slot, from);
        wide[register] = false;
        boxed[register] = true;
        asm.vm(SINGLE, STORE, register, FRAME, State.of(slot));
        asm.movMemory32(FRAME, State.of(slot) + Integer.BYTES, -1);
    }

    private int hold(int slot, int from) {
        int known = find(slot);
        int register = known >= 0 ? known : fresh(slot);
        asm.vv(0, 0x0F28, register, from);
        return register;
    }

    /** A slot was written otherwise. */
    void forget(int slot) {
        int known = find(slot);
        if (known >= 0) slots[known] = NONE;
    }

    /** The register in which the 64 bits of a slot, or its lower 32, are already; or -1. */
    int known(int slot, boolean all) {
        int known = find(slot);
        return known >= 0 && (wide[known] || !all) ? known : NONE;
    }

    private int find(int slot) {
        for (int i = FIRST; i < COUNT; i++) {
            if (slots[i] == slot) return i;
        }
        return NONE;
    }

    /** One after the other: so those of an instruction's operands stay. */
    private int fresh(int slot) {
        int register = next;
        next = next + 1 == COUNT ? FIRST : next + 1;
        slots[register] = slot;
        wide[register] = false;
        boxed[register] = false;
        return register;
    }

    Held held() {
        return new Held(slots.clone(), wide.clone());
    }

    /** Makes the registers what they were, where all are lost. */
    void load(Held held) {
        for (int i = FIRST; i < COUNT; i++) {
            if (held.slots[i] == NONE) continue;
            asm.vm(held.wide[i] ? DOUBLE : SINGLE, LOAD, i, FRAME, State.of(held.slots[i]));
        }
    }
}
