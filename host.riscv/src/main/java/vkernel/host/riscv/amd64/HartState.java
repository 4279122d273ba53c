package vkernel.host.riscv.amd64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.riscv.Memory;

/** The memory of a {@link State}, of one hart. The hart's thread, but for {@link #ring}. */
@SuppressWarnings("removal")
final class HartState {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    /** Every exception of floats masked, no flag, to nearest even: as the JVM has it too. */
    private static final int CLEAN = 0x1F80;
    /** x1 to fcsr. */
    private static final long REGISTER_BYTES = (long) Registers.FCSR * Long.BYTES;

    /** Two lines of a cache, since processors fetch them in pairs: nothing else is in those of a state. */
    private static final long LINES = 128;

    private static final long EXITS = State.BYTES;
    private static final long BYTES = EXITS + (long) CodeSpace.KINDS.size() * Long.BYTES;

    private final MemorySegment memory = Arena.ofAuto().allocate((BYTES + LINES - 1) / LINES * LINES + LINES, LINES);
    private final long frame = memory.address() + State.BIAS;

    HartState() {
        putInt(State.CLEAN, CLEAN);
        putLong(State.BOX, -1L << 32);
        putLong(State.SIGN, Long.MIN_VALUE);
        putLong(State.SIGN_OF_SINGLE, 1L << 31);
        putLong(State.MAGNITUDE, Long.MAX_VALUE);
        putLong(State.MAGNITUDE_OF_SINGLE, ~(1L << 31));
        for (int i = 0; i <= HostFlags.MASK; i++) putByte(State.FLAGS + i, HostFlags.guest(i));
    }

    /** What {@link CodeSpace#run} wants. */
    long address() {
        return memory.address();
    }

    /** Takes the guest's registers from the hart. */
    void take(Hart hart) {
        Memory.UNSAFE.copyMemory(hart.regs, Memory.LONGS + Long.BYTES, null, frame + State.of(1), REGISTER_BYTES);
        putLong(State.RESERVATION, hart.reservation);
        putLong(State.RESERVED, hart.reservedValue);
        putByte(State.FLOATING, State.ELSE);
    }

    /** Gives the guest's registers to the hart. */
    void give(Hart hart) {
        Memory.UNSAFE.copyMemory(null, frame + State.of(1), hart.regs, Memory.LONGS + Long.BYTES, REGISTER_BYTES);
        hart.reservation = getLong(State.RESERVATION);
        hart.reservedValue = getLong(State.RESERVED);
    }

    /** A slot of the register file. */
    long slot(int slot) {
        return slot == 0 ? 0 : getLong(State.of(slot));
    }

    void slot(int slot, long value) {
        putLong(State.of(slot), value);
    }

    /** Instructions that may still retire. */
    int left() {
        return getInt(State.LEFT);
    }

    void left(int instructions) {
        putInt(State.LEFT, instructions);
    }

    /** Counts that machine code has ended. */
    void ended(int kind) {
        long at = memory.address() + EXITS + (long) kind * Long.BYTES;
        Memory.UNSAFE.putLong(at, Memory.UNSAFE.getLong(at) + 1);
    }

    /** How often it has ended so. Others read it at leisure. */
    long ends(int kind) {
        return memory.get(ValueLayout.JAVA_LONG, EXITS + (long) kind * Long.BYTES);
    }

    /** Has machine code end soon. Any thread. */
    void ring() {
        INT.setVolatile(memory, (long) State.ATTENTION + State.BIAS, 1);
    }

    /** From now on {@link #ring} is heard again; whoever rang before must be heard otherwise. */
    void listen() {
        if (getInt(State.ATTENTION) == 0) return;
        putInt(State.ATTENTION, 0);
        VarHandle.fullFence();
    }

    /** See {@link State#FLOATING}. */
    int floating() {
        return Memory.UNSAFE.getByte(frame + State.FLOATING);
    }

    void floating(int what) {
        putByte(State.FLOATING, what);
    }

    /** What {@link #floating()} is where machine code uses floats now. */
    int mode() {
        return (getInt(State.of(Registers.FCSR)) & FloatCode.MODE) == 0 ? State.NEAREST : State.OTHER_MODE;
    }

    /** Adds the flags that the host's operations have raised to the guest's. */
    void takeFlags() {
        if (floating() == State.ELSE) return;
        int flags = HostFlags.guest(getInt(State.STATUS));
        if (flags != 0) slot(Registers.FCSR, slot(Registers.FCSR) | flags);
    }

    long getLong(int displacement) {
        return Memory.UNSAFE.getLong(frame + displacement);
    }

    void putLong(int displacement, long value) {
        Memory.UNSAFE.putLong(frame + displacement, value);
    }

    private int getInt(int displacement) {
        return Memory.UNSAFE.getInt(frame + displacement);
    }

    private void putInt(int displacement, int value) {
        Memory.UNSAFE.putInt(frame + displacement, value);
    }

    private void putByte(int displacement, int value) {
        Memory.UNSAFE.putByte(frame + displacement, (byte) value);
    }
}
