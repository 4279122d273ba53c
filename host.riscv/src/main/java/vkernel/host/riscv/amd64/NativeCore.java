package vkernel.host.riscv.amd64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.Window;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Tlb;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.CodeCache;
import vkernel.host.riscv.Core;
import vkernel.host.riscv.DecodedPage;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Memory;
import vkernel.host.riscv.Op;

/**
 * A hart's execution: runs blocks where there are, else interprets and counts. Hart thread only. While machine code runs
 * and between two runs of it the guest's registers are in a {@link State}; the interpreter has them in {@code hart.regs}.
 */
@SuppressWarnings("removal")
final class NativeCore extends Core {
    /** TLBs that have a cache of jumps, see the host's pool. */
    private static final int CACHES = 8;
    /** More instructions than code executes between two looks at what is left. */
    private static final int UNCHECKED = DecodedPage.SLOTS + 128;

    private static final int KIND = (1 << CodeSpace.SLOT) - 1;
    private static final int CLEAN = 0x1F80;
    private static final long SAVED = (Registers.SCRATCH - 1L) * Long.BYTES;

    private final NativeEngine engine;
    private final MemorySegment memory = Arena.ofAuto().allocate(State.BYTES, 64);
    private final long frame = memory.address() + State.BIAS;

    private final @Nullable JumpCache[] caches = new @Nullable JumpCache[CACHES];
    private int nextCache;
    private @Nullable JumpCache jumps;
    /** {@link NativeEngine#changes} when the caches were last free of what had been dropped. */
    private int seen = -1;

    private @Nullable CodeSpace space;
    /** {@code hart.retired} when nothing is left. */
    private long base;
    /** Where an access was not open, and what was left then: who comes again has got no further. */
    private long shutAt;

    private int shutLeft;
    private boolean trapped;
    /** Whether the guest's registers are in {@code hart.regs} again. */
    private boolean left;
    private boolean windows = true;
    final long[] exits = new long[6];
    long interpreted;

    NativeCore(Hart hart, CodeCache cache, NativeEngine engine) {
        super(hart, cache);
        this.engine = engine;
        putInt(State.CLEAN, CLEAN);
        hart.bell(() -> ValueLayout.JAVA_INT.varHandle().setVolatile(memory, (long) State.ATTENTION + State.BIAS, 1));
    }

    @Override
    protected int untilTrap() {
        while (true) {
            if (hart.attention() != 0 && hart.mmu.attend(hart)) return Trap.INTERRUPT;
            if (hart.retired >= end) return Trap.BUDGET;
            long code = find(pc);
            if (code == 0 || !arm()) {
                long before = hart.retired;
                int end = stretch();
                interpreted += hart.retired - before;
                if (end == TRAPPED) return hart.trap;
            } else {
                run(code);
                if (trapped) return hart.trap;
            }
        }
    }

    /** Says how much machine code may retire. @return whether that is anything */
    private boolean arm() {
        long most = (exact ? end - UNCHECKED : end) - hart.retired;
        int left = Math.clamp(most, -1, 1 << 30);
        putInt(State.LEFT, left);
        base = hart.retired + left;
        return left > 0;
    }

    /** Runs machine code until there is none to go on with, or a trap. */
    private void run(long code) {
        trapped = false;
        left = false;
        enter();
        long next = code;
        while (next != 0 && !wanted()) {
            CodeSpace in = Objects.requireNonNull(space);
            putLong(State.JUMPS, Objects.requireNonNull(jumps).address());
            putLong(State.WINDOW_BASE, Objects.requireNonNull(hart.tlb.window).base);
            int kind = in.run(memory.address(), next);
            exits[kind & KIND]++;
            takeFlags();
            pc = getLong(State.NEXT);
            next = switch (kind & KIND) {
                case CodeSpace.GO -> goOn();
                case CodeSpace.LINK -> link(in);
                case CodeSpace.CHECK -> open();
                case CodeSpace.STEP -> interpret(getLong(State.RESUME));
                case CodeSpace.TIME -> time(kind >>> CodeSpace.SLOT);
                default -> {
                    trapped = !trap(Trap.SYSCALL, 0, 0);
                    yield 0;
                }
            };
        }
        if (!left) leave();
    }

    /** Whether somebody wants this hart's attention: else whoever asks from now on stops machine code. */
    private boolean wanted() {
        if (getInt(State.ATTENTION) != 0) {
            putInt(State.ATTENTION, 0);
            VarHandle.fullFence();
        }
        return hart.attention() != 0;
    }

    private void enter() {
        Memory.UNSAFE.copyMemory(hart.regs, Memory.LONGS + Long.BYTES, null, frame + State.of(1), SAVED);
        putLong(State.RESERVATION, hart.reservation);
        putLong(State.RESERVED, hart.reservedValue);
        putByte(State.FLOATING, 0);
    }

    private void leave() {
        Memory.UNSAFE.copyMemory(null, frame + State.of(1), hart.regs, Memory.LONGS + Long.BYTES, SAVED);
        hart.reservation = getLong(State.RESERVATION);
        hart.reservedValue = getLong(State.RESERVED);
        hart.retired = base - getInt(State.LEFT);
    }

    private long goOn() {
        return getInt(State.LEFT) <= 0 || hart.attention() != 0 ? 0 : find(pc);
    }

    private long link(CodeSpace from) {
        long site = getLong(State.RESUME);
        long to = goOn();
        if (to != 0 && space == from) from.patch(site, to);
        return to;
    }

    /** An access was to a page that is not open: opens it, so that machine code can try again. */
    private long open() {
        int left = getInt(State.LEFT);
        if (shutAt == pc && shutLeft == left) return interpret(0);
        shutAt = pc;
        shutLeft = left;
        DecodedPage page = fetch(pc);
        if (page == null) return stop();
        Insn insn = new Insn(pc, page.plain(slot(pc)));
        if (!insn.memory() && !insn.atomic()) return 0;
        long va = getLong(State.of(insn.rs1()), insn.rs1()) + (insn.atomic() ? 0 : insn.imm());
        boolean reads = insn.load() || insn.op() == Op.LR_W || insn.op() == Op.LR_D;
        if (!used(va, reads)) return interpret(0);
        Window window = Objects.requireNonNull(hart.tlb.window);
        int before = window.closings;
        if (hart.mmu.translate(hart, va, reads ? Vmspaces.READ : Vmspaces.WRITE) == 0) return stop();
        hart.mmu.open(hart, va);
        if (hart.attention() != 0) return 0;
        return window.closings == before ? getLong(State.RESUME) : find(pc);
    }

    /** Whether a page was accessed of late, by the interpreter: one that is used once is not worth opening. */
    private boolean used(long va, boolean reads) {
        Tlb tlb = hart.tlb;
        return (reads ? tlb.read : tlb.write)[Tlb.index(va)] == va >>> Vpte.PAGE_SHIFT;
    }

    /** Reads the time into a slot, as before the instruction has retired. */
    private long time(int slot) {
        hart.retired = base - getInt(State.LEFT) - 1;
        hart.reportRetired();
        putLong(State.of(slot), hart.clock.monotonic());
        return getLong(State.RESUME);
    }

    private long stop() {
        trapped = true;
        return 0;
    }

    /** Has the interpreter do an instruction. @param resume code behind it, or 0 */
    private long interpret(long resume) {
        boolean floating = getByte(State.FLOATING) != 0;
        long at = pc;
        Window window = Objects.requireNonNull(hart.tlb.window);
        int before = window.closings;
        leave();
        // What the host's operation found out has raised its flags already: so the instruction is done now.
        if (!exact) end = Math.max(end, hart.retired + 1);
        trapped = !step();
        left = true;
        if (trapped || pc == at || hart.attention() != 0) return 0;
        arm();
        enter();
        left = false;
        if (resume == 0 || window.closings != before) {
            begin();
            return find(pc);
        }
        if (floating) {
            if ((getInt(State.of(Registers.FCSR)) & 7 << 5) != 0) return find(pc);
            putByte(State.FLOATING, 1);
        }
        return resume;
    }

    /** The code at an address, if it is there or it is time to write it; else 0. */
    private long find(long va) {
        if (!refresh()) return 0;
        JumpCache known = Objects.requireNonNull(jumps);
        long code = known.get(va);
        if (code != 0) return code;
        code = search(va);
        if (code == 0 || !refresh() || !Objects.requireNonNull(space).holds(code)) return 0;
        Objects.requireNonNull(jumps).put(va, code);
        return code;
    }

    private long search(long va) {
        DecodedPage page = page(va);
        if (page == null) return 0;
        if (!(page.markAt(va) instanceof Entry entry)) {
            page.begin(slot(va));
            return 0;
        }
        long code = engine.known(entry, va);
        if (code != 0) return code;
        if (page.visit(va)) return 0;
        code = engine.translate(page, va, entry);
        page.wait(va, code == 0 ? (long) UNCHECKED : 0L);
        return code;
    }

    /** A block is to begin where the guest is. */
    private void begin() {
        DecodedPage page = page(pc);
        if (page != null) page.begin(slot(pc));
    }

    private @Nullable DecodedPage page(long va) {
        Tlb tlb = hart.tlb;
        int i = Tlb.index(va);
        if (tlb.execute[i] != va >>> Vpte.PAGE_SHIFT) return null;
        DecodedPage page = cache.pages[tlb.executeFrame[i]];
        return page != null && page.marked ? page : null;
    }

    /** Forgets what is not true any more. @return false where machine code cannot be used */
    private boolean refresh() {
        Tlb tlb = hart.tlb;
        if (tlb.window == null && !makeWindow()) return false;
        int now = engine.changes();
        if (now != seen) {
            for (JumpCache one : caches) {
                if (one != null) one.clear();
            }
            seen = now;
            space = engine.space();
        }
        JumpCache mine = jumps;
        if (mine == null || mine.tlb != tlb) jumps = mine = cacheOf(tlb);
        mine.refresh();
        return true;
    }

    private boolean makeWindow() {
        if (windows) windows = hart.mmu.open(hart, pc);
        return hart.tlb.window != null;
    }

    private JumpCache cacheOf(Tlb tlb) {
        for (JumpCache one : caches) {
            if (one != null && one.tlb == tlb) return one;
        }
        JumpCache fresh = new JumpCache(tlb);
        caches[nextCache++ % CACHES] = fresh;
        return fresh;
    }

    /** Adds the flags that the host's operations have raised to the guest's. */
    private void takeFlags() {
        if (getByte(State.FLOATING) == 0) return;
        int status = getInt(State.STATUS);
        int flags = status >>> 5 & 1 | status >>> 3 & 2 | status >>> 1 & 4 | status << 1 & 8 | status << 4 & 16;
        if (flags != 0) putLong(State.of(Registers.FCSR), getLong(State.of(Registers.FCSR)) | flags);
    }

    private long getLong(int displacement, int slot) {
        return slot == 0 ? 0 : getLong(displacement);
    }

    private long getLong(int displacement) {
        return Memory.UNSAFE.getLong(frame + displacement);
    }

    private int getInt(int displacement) {
        return Memory.UNSAFE.getInt(frame + displacement);
    }

    private byte getByte(int displacement) {
        return Memory.UNSAFE.getByte(frame + displacement);
    }

    private void putLong(int displacement, long value) {
        Memory.UNSAFE.putLong(frame + displacement, value);
    }

    private void putInt(int displacement, int value) {
        Memory.UNSAFE.putInt(frame + displacement, value);
    }

    private void putByte(int displacement, int value) {
        Memory.UNSAFE.putByte(frame + displacement, (byte) value);
    }
}
