package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.MOV;
import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDI;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.Asm.RSI;
import static vkernel.host.riscv.amd64.Asm.RSP;
import static vkernel.host.riscv.amd64.Asm.STORE;
import static vkernel.host.riscv.amd64.State.FRAME;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.CodeMemory;
import vkernel.host.engine.Registers;

/**
 * Memory full of machine code: what enters and leaves it, then blocks one behind the other. When it is full another
 * takes its place; it is given back when nobody holds this object any more, so a hart holds it while it may execute
 * there. Blocks are added by one thread at a time.
 */
final class CodeSpace {
    /** Why machine code has ended. {@code NEXT} is where the guest is. */
    static final int GO = 0;
    /** As {@link #GO}; the distance at {@code RESUME} may be set to the code there: it is in the same page. */
    static final int LINK = 1;
    /** The instruction there is one of many that met a page that is not open; the check is at {@code RESUME}. */
    static final int SHUT = 2;
    /** The instruction there is for the interpreter; code behind it is at {@code RESUME}, unless that is 0. */
    static final int STEP = 3;
    /** The instruction there is ecall. */
    static final int SYSCALL = 4;

    /** The instruction before it reads the time; the slot for that is in the bits of the kind from {@link #SLOT} on. */
    static final int TIME = 5;
    /** As {@link #LINK}, for the code in which each access is translated: the page of one is not open. */
    static final int TWIN = 6;
    /** The small TLB does not know where the instruction there has its bytes; it looks again at {@code RESUME}. */
    static final int MISSED = 7;

    static final int SLOT = 8;

    /** What the kinds are called in {@code eng:stat}. */
    static final List<String> KINDS =
            List.of("lookups", "links", "shut", "steps", "syscalls", "times", "twins", "missed");

    /** No block is larger. */
    private static final int LARGEST = 1 << 16;

    private static final int[] KEPT = {Asm.RBP, Asm.RBX, Asm.R12, Asm.R13, Asm.R14, Asm.R15};

    /** Homes that a C function does not keep; with them the stack is aligned for one. */
    private static final int[] LOST = {RSI, RDI, Asm.R8, Asm.R9, Asm.R10, Asm.R11};

    /** Linux: include/uapi/linux/time.h. */
    private static final int MONOTONIC = 1;

    private static final int TIMESPEC = 2 * Long.BYTES;

    private final MemorySegment memory;
    private final MemorySegment entry;
    private final long[] exits = new long[KINDS.size()];
    private long leave;
    private long floats;
    private long clock;
    private long used;

    private CodeSpace(MemorySegment memory) {
        this.memory = memory;
        this.entry = memory.asSlice(0);
        Asm asm = new Asm(memory.address());
        enter(asm);
        leave(asm);
        floats(asm);
        clock(asm);
        add(asm);
    }

    /** A space with nothing in it, or null where the host has none. */
    static @Nullable CodeSpace make(int bytes) {
        MemorySegment memory = CodeMemory.allocate(bytes, Arena.ofAuto());
        return memory == null ? null : new CodeSpace(memory);
    }

    private static void enter(Asm asm) {
        for (int register : KEPT) asm.push(register);
        asm.rr(MOV, FRAME, RDI);
        asm.rr(MOV, RAX, RSI);
        Asm.Label plain = new Asm.Label();
        asm.cmpByte(FRAME, State.FLOATING, 0);
        asm.jcc(Asm.EQUAL, plain);
        asm.ldmxcsr(FRAME, State.CLEAN);
        State.moveVectors(asm, Asm.MOVSD_LOAD);
        asm.bind(plain);
        asm.rm(MOV, State.WINDOW, FRAME, State.WINDOW_BASE);
        for (int slot : State.homed()) asm.rm(MOV, State.home(slot), FRAME, State.of(slot));
        asm.jmpRegister(RAX);
    }

    private void leave(Asm asm) {
        Asm.Label common = new Asm.Label();
        for (int kind = 0; kind < KINDS.size(); kind++) {
            exits[kind] = asm.here();
            asm.mov(RAX, kind);
            asm.jmp(common);
        }
        asm.bind(common);
        leave = asm.here();
        asm.rm(STORE, RCX, FRAME, State.NEXT);
        asm.rm(STORE, RDX, FRAME, State.RESUME);
        for (int slot : State.homed()) asm.rm(STORE, State.home(slot), FRAME, State.of(slot));
        Asm.Label plain = new Asm.Label();
        asm.cmpByte(FRAME, State.FLOATING, 0);
        asm.jcc(Asm.EQUAL, plain);
        asm.stmxcsr(FRAME, State.STATUS);
        asm.ldmxcsr(FRAME, State.CLEAN);
        State.moveVectors(asm, Asm.MOVSD_STORE);
        asm.bind(plain);
        for (int i = KEPT.length - 1; i >= 0; i--) asm.pop(KEPT[i]);
        asm.ret();
    }

    private void floats(Asm asm) {
        floats = asm.here();
        Asm.Label nearest = new Asm.Label();
        asm.ldmxcsr(FRAME, State.CLEAN);
        State.moveVectors(asm, Asm.MOVSD_LOAD);
        asm.movByte(FRAME, State.FLOATING, State.NEAREST);
        asm.testByte(FRAME, State.of(Registers.FCSR), FloatCode.MODE);
        asm.jcc(Asm.EQUAL, nearest);
        asm.movByte(FRAME, State.FLOATING, State.OTHER_MODE);
        asm.bind(nearest);
        asm.jmpRegister(RDX);
    }

    /** The monotonic clock of {@link System#nanoTime} (clock_gettime(2)), less what it was at the start. */
    private void clock(Asm asm) {
        Asm.Label kept = new Asm.Label();
        Asm.Label restored = new Asm.Label();
        clock = asm.here();
        for (int register : LOST) asm.push(register);
        asm.ri(Asm.SUB_I, RSP, TIMESPEC);
        asm.cmpByte(FRAME, State.FLOATING, State.ELSE);
        asm.jcc(Asm.EQUAL, kept);
        State.moveVectors(asm, Asm.MOVSD_STORE);
        asm.bind(kept);
        asm.mov(RDI, MONOTONIC);
        asm.rr(MOV, RSI, RSP);
        asm.mov(RAX, CodeMemory.function("clock_gettime"));
        asm.callRegister(RAX);
        asm.cmpByte(FRAME, State.FLOATING, State.ELSE);
        asm.jcc(Asm.EQUAL, restored);
        State.moveVectors(asm, Asm.MOVSD_LOAD);
        asm.bind(restored);
        asm.pop(RCX);
        asm.mov(RAX, 1_000_000_000);
        asm.rr(Asm.IMUL, RAX, RCX);
        asm.pop(RCX);
        asm.rr(Asm.ADD, RAX, RCX);
        asm.rm(Asm.SUB, RAX, FRAME, State.ORIGIN);
        for (int i = LOST.length - 1; i >= 0; i--) asm.pop(LOST[i]);
        asm.ret();
    }

    /** Where code jumps to in order to have the host's vector registers made the guest's; it goes on at rdx. */
    long floats() {
        return floats;
    }

    /** What code calls in order to have the time in rax; it keeps all but rcx, rdx and the vector registers that are anybody's. */
    long clock() {
        return clock;
    }

    /** Where code jumps to in order to leave, with {@code NEXT} in rcx and {@code RESUME} in rdx. */
    long exit(int kind) {
        return exits[kind];
    }

    /** The same, with the kind in rax. */
    long exit() {
        return leave;
    }

    /** Whether a block fits. */
    boolean room() {
        return used + LARGEST <= memory.byteSize();
    }

    /** For the next block. */
    Asm block() {
        return new Asm(memory.address() + used);
    }

    /** Makes the code of the last {@link #block} executable. @return its address */
    long add(Asm asm) {
        byte[] bytes = asm.bytes();
        if (bytes.length > LARGEST) throw new IllegalStateException("a block of " + bytes.length + " bytes");
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, used, bytes.length);
        long address = memory.address() + used;
        used += bytes.length + 15 & -16;
        return address;
    }

    /** Bytes of code. */
    long used() {
        return used;
    }

    /** Has a jump lead elsewhere. @param distance where its distance is, aligned */
    void patch(long distance, long target) {
        int value = Math.toIntExact(target - (distance + Integer.BYTES));
        memory.set(ValueLayout.JAVA_INT, distance - memory.address(), value);
    }

    /** Whether an address is in it. */
    boolean holds(long address) {
        return address >= memory.address() && address < memory.address() + memory.byteSize();
    }

    /** Executes code until it ends. @param state address of a {@link State} @return why it has ended, and with {@link #TIME} a slot */
    int run(long state, long code) {
        return (int) CodeMemory.call(entry, state + State.BIAS, code);
    }
}
