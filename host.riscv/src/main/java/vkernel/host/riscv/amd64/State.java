package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.R10;
import static vkernel.host.riscv.amd64.Asm.R11;
import static vkernel.host.riscv.amd64.Asm.R12;
import static vkernel.host.riscv.amd64.Asm.R13;
import static vkernel.host.riscv.amd64.Asm.R14;
import static vkernel.host.riscv.amd64.Asm.R8;
import static vkernel.host.riscv.amd64.Asm.R9;
import static vkernel.host.riscv.amd64.Asm.RBX;
import static vkernel.host.riscv.amd64.Asm.RDI;
import static vkernel.host.riscv.amd64.Asm.RSI;

import java.util.Arrays;
import vkernel.host.engine.Registers;

/**
 * What machine code knows of its hart: memory that {@code rbp} points into, and registers of the host in which some
 * of the guest's are while it runs, the same in all code. {@code r15} is the window's base; rax, rcx and rdx, and xmm0
 * to xmm2, are anybody's.
 *
 * <p>The memory begins with a register file as in {@link Registers}. Its slot 0, which is no register, holds two ints.
 */
final class State {
    static final int FRAME = Asm.RBP;
    static final int WINDOW = Asm.R15;

    /** Where {@link #FRAME} points: so that the integer registers are within a byte's reach. */
    static final int BIAS = 16 * Long.BYTES;

    /** Instructions that may still retire, an int: code counts what it has done whenever it leaves a block. */
    static final int LEFT = of(0);
    /** Not 0 when the hart's attention is asked for, an int. */
    static final int ATTENTION = LEFT + Integer.BYTES;

    private static final int AFTER = Registers.SIZE;
    /** Where the guest is when machine code has ended. */
    static final int NEXT = of(AFTER);
    /** Where machine code would go on, or what it wants to be patched. */
    static final int RESUME = of(AFTER + 1);
    /** Address of the {@link JumpCache}. */
    static final int JUMPS = of(AFTER + 2);
    /** Base of the window. */
    static final int WINDOW_BASE = of(AFTER + 3);

    static final int RESERVATION = of(AFTER + 4);
    static final int RESERVED = of(AFTER + 5);
    /**
     * What the host's vector registers and its control word of floats are, a byte: {@link #ELSE}, or the guest's, to
     * nearest even or not.
     */
    static final int FLOATING = of(AFTER + 6);

    static final int ELSE = 0;
    static final int NEAREST = 1;
    static final int OTHER_MODE = 2;
    /** The host's control and status word as the guest left it, an int. */
    static final int STATUS = of(AFTER + 7);
    /** The same word to begin with, an int: every exception masked, no flag, to nearest even. */
    static final int CLEAN = STATUS + Integer.BYTES;

    /** The upper half of a boxed single; sign bits and all others. Each is followed by a long of zeroes. */
    static final int BOX = of(AFTER + 8);

    static final int SIGN = BOX + 16;
    static final int SIGN_OF_SINGLE = BOX + 32;
    static final int MAGNITUDE = BOX + 48;
    static final int MAGNITUDE_OF_SINGLE = BOX + 64;

    /** The guest's flags for each combination of the host's, bytes; see {@link HostFlags}. */
    static final int FLAGS = BOX + 80;

    /** See {@link vkernel.host.Clock#origin}. */
    static final int ORIGIN = of(AFTER + 26);

    static final int BYTES = (AFTER + 27) * Long.BYTES;

    /** First of the vector registers that are homes; in this order. */
    private static final int FIRST_VECTOR = 3;

    private static final int[] FLOATS = {10, 11, 12, 13, 14, 15, 16, 17, 0, 1, 2, 3, 8};

    private static final int[] GUEST = {2, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final int[] HOST = {RBX, R12, R13, RDI, RSI, R8, R9, R10, R11, R14};
    private static final int[] HOMES = homes();
    private static final int[] VECTORS = vectors();

    private State() {}

    private static int[] homes() {
        int[] homes = new int[Registers.SIZE];
        Arrays.fill(homes, -1);
        for (int i = 0; i < GUEST.length; i++) homes[GUEST[i]] = HOST[i];
        return homes;
    }

    private static int[] vectors() {
        int[] vectors = new int[Registers.SIZE];
        Arrays.fill(vectors, -1);
        for (int i = 0; i < FLOATS.length; i++) vectors[Registers.F0 + FLOATS[i]] = FIRST_VECTOR + i;
        return vectors;
    }

    /** The vector register in which a slot is while the host's are the guest's, or -1. */
    static int vector(int slot) {
        return VECTORS[slot];
    }

    /** Moves all slots that have a {@link #vector} to memory or from there. */
    static void moveVectors(Asm asm, int opcode) {
        for (int slot = 0; slot < Registers.SIZE; slot++) {
            if (vector(slot) >= 0) asm.vm(Asm.DOUBLE, opcode, vector(slot), FRAME, of(slot));
        }
    }

    /** Displacement of a slot of the register file. */
    static int of(int slot) {
        return slot * Long.BYTES - BIAS;
    }

    /** The host's register in which a slot is while machine code runs, or -1. */
    static int home(int slot) {
        return HOMES[slot];
    }

    /** Slots that have a {@link #home}. */
    static int[] homed() {
        return GUEST.clone();
    }
}
