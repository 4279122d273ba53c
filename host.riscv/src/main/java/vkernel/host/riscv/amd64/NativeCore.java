package vkernel.host.riscv.amd64;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.host.Clock;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.Window;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Tlb;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.CodeCache;
import vkernel.host.riscv.Core;
import vkernel.host.riscv.DecodedPage;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * A hart's execution: runs blocks where there are, else interprets and counts. Hart thread only. While machine code runs,
 * and between two runs of it, the guest's registers are in a {@link HartState}; the interpreter has them in
 * {@code hart.regs}.
 */
final class NativeCore extends Core {
    /** More instructions than machine code executes between two looks at what is left. */
    private static final int UNCHECKED = DecodedPage.SLOTS + 128;

    /** A process that has used up its patience with shut pages once has that much less from then on. */
    private static final int GROWN = 32;

    private static final int KIND = (1 << CodeSpace.SLOT) - 1;

    private final NativeEngine engine;
    private final HartState state = new HartState();
    private final JumpCaches caches = new JumpCaches();
    /** The cache of the current TLB. */
    private @Nullable JumpCache jumps;
    /** {@link NativeEngine#changes} when the caches were last free of what had been dropped. */
    private int seen = -1;
    /** Where machine code is executed; of the time of {@link #seen}. */
    private @Nullable CodeSpace space;
    /** False once the host has no window for this hart. */
    private boolean windows = true;

    /** {@code hart.retired} when nothing is left. */
    private long base;
    /** Whether the run of machine code has ended with a trap. */
    private boolean trapped;
    /** Whether the guest's registers are in {@code hart.regs} again. */
    private boolean given;

    /** Instructions. Read by others at leisure. */
    private long interpreted;

    NativeCore(Hart hart, CodeCache cache, NativeEngine engine) {
        super(hart, cache);
        this.engine = engine;
        hart.bell(state::ring);
    }

    @Override
    protected int untilTrap() {
        while (true) {
            if (hart.attention() != 0 && hart.mmu.attend(hart)) return Trap.INTERRUPT;
            if (hart.retired >= end) return Trap.BUDGET;
            long code = find(pc);
            if (code != 0 && arm()) run(code);
            else trapped = !interpret();
            if (trapped) return hart.trap;
        }
    }

    /** Interprets for a while. @return false after a trap */
    private boolean interpret() {
        long before = hart.retired;
        int how = stretch();
        interpreted += hart.retired - before;
        return how != TRAPPED;
    }

    /** Says how much machine code may retire. @return whether that is anything */
    private boolean arm() {
        long most = (exact ? end - UNCHECKED : end) - hart.retired;
        int left = Math.clamp(most, -1, 1 << 30);
        state.left(left);
        base = hart.retired + left;
        return left > 0;
    }

    /** Runs machine code until there is none to go on with, or a trap. */
    private void run(long code) {
        trapped = false;
        given = false;
        state.take(hart);
        state.putLong(State.ORIGIN, Clock.NO_ORIGIN);
        long next = code;
        while (next != 0 && !wanted()) {
            CodeSpace in = Objects.requireNonNull(space);
            state.putLong(State.JUMPS, Objects.requireNonNull(jumps).address());
            state.putLong(State.WINDOW_BASE, Objects.requireNonNull(hart.tlb.window).base);
            int kind = in.run(state.address(), next);
            state.ended(kind & KIND);
            state.takeFlags();
            pc = state.getLong(State.NEXT);
            next = switch (kind & KIND) {
                case CodeSpace.GO -> goOn();
                case CodeSpace.LINK -> link(in);
                case CodeSpace.TWIN -> twin(in);
                case CodeSpace.MISSED -> missed();
                case CodeSpace.SHUT -> open();
                case CodeSpace.STEP -> step(state.getLong(State.RESUME));
                case CodeSpace.TIME -> time(kind >>> CodeSpace.SLOT);
                default -> stop(trap(Trap.SYSCALL, 0, 0));
            };
        }
        if (!given) give();
    }

    private void give() {
        state.give(hart);
        hart.retired = base - state.left();
        given = true;
    }

    /** Whether somebody wants this hart's attention: else whoever asks from now on stops machine code. */
    private boolean wanted() {
        state.listen();
        return hart.attention() != 0;
    }

    private long goOn() {
        return state.left() <= 0 || hart.attention() != 0 ? 0 : find(pc);
    }

    private long link(CodeSpace from) {
        long site = state.getLong(State.RESUME);
        long to = goOn();
        if (to != 0 && space == from) from.patch(site, to);
        return to;
    }

    private long stop(boolean goesOn) {
        trapped = !goesOn;
        return 0;
    }

    /** The block met a page that is not open: goes on in its twin. */
    private long twin(CodeSpace from) {
        if (state.left() <= 0 || hart.attention() != 0) return 0;
        long site = state.getLong(State.RESUME);
        long to = current(twinAt(pc));
        if (to == 0) return skip();
        if (space == from) from.patch(site, to);
        return to;
    }

    private long twinAt(long va) {
        DecodedPage page = page(va);
        if (page == null) return 0;
        page.begin(slot(va));
        if (!(page.markAt(va) instanceof Entry entry)) return 0;
        long code = engine.known(entry, va, true);
        if (code != 0) return code;
        return page.visit(va) ? 0 : engine.write(page, va, entry, true);
    }
    /** Has the interpreter go on to where other code may begin. */
    private long skip() {
        lend();
        if (!interpret()) return stop(false);
        if (hart.attention() != 0) return 0;
        takeBack();
        return find(pc);
    }

    /** Gives the interpreter the registers, and leave for the instruction that there is in any case. */
    private void lend() {
        give();
        // The host's operation may have raised flags for it already: so it is done now.
        if (!exact) end = Math.max(end, hart.retired + 1);
    }

    /** Machine code goes on, behind what the interpreter has done. */
    private void takeBack() {
        arm();
        state.take(hart);
        given = false;
    }

    /** The small TLB lacks a page: enters it, so that machine code can try again. */
    private long missed() {
        Insn insn = here();
        if (insn == null) return stop(false);
        boolean write = writes(insn);
        long va = address(insn);
        if ((va & Vpte.PAGE_SIZE - 1) + insn.size() > Vpte.PAGE_SIZE) return step(0);
        if (!known(va, write)) {
            if (hart.mmu.translate(hart, va, write ? Vmspaces.WRITE : Vmspaces.READ) == 0) return stop(false);
            if (!known(va, write)) return step(0);
        }
        Tlb tlb = hart.tlb;
        long addend = (write ? tlb.writeAddend : tlb.readAddend)[Tlb.index(va)];
        Objects.requireNonNull(tlb.window).micro.fill(va, addend, write);
        return state.getLong(State.RESUME);
    }

    /** Pages that are not open were met often: opens that of the access here, if it was used before. */
    private long open() {
        Window window = Objects.requireNonNull(hart.tlb.window);
        if (window.micro.young()) {
            window.micro.patience(engine.shut);
            return state.getLong(State.RESUME);
        }
        window.micro.patience(Math.max(1, engine.shut / GROWN));
        Insn insn = here();
        if (insn == null) return stop(false);
        long va = address(insn);
        int before = window.closings;
        if (known(va, writes(insn))) hart.mmu.open(hart, va);
        if (hart.attention() != 0) return 0;
        return window.closings == before ? state.getLong(State.RESUME) : find(pc);
    }

    /** The load, store or atomic operation at {@link #pc}; null after a trap. */
    private @Nullable Insn here() {
        DecodedPage page = fetch(pc);
        return page == null ? null : new Insn(pc, page.plain(slot(pc)));
    }

    private long address(Insn insn) {
        return state.slot(insn.rs1()) + (insn.atomic() ? 0 : insn.imm());
    }

    private static boolean writes(Insn insn) {
        return insn.store() || insn.atomic() && insn.op() != Op.LR_W && insn.op() != Op.LR_D;
    }

    /** Whether the TLB has a page. */
    private boolean known(long va, boolean write) {
        Tlb tlb = hart.tlb;
        return (write ? tlb.write : tlb.read)[Tlb.index(va)] == va >>> Vpte.PAGE_SHIFT;
    }

    /** Has the interpreter do an instruction, after which machine code goes on. @param resume code behind it, or 0 */
    private long step(long resume) {
        int floating = state.floating();
        long at = pc;
        Window window = Objects.requireNonNull(hart.tlb.window);
        int before = window.closings;
        lend();
        if (!step()) return stop(false);
        if (pc == at || hart.attention() != 0) return 0;
        takeBack();
        if (resume == 0 || window.closings != before) {
            begin();
            return find(pc);
        }
        if (floating != State.ELSE) {
            if (state.mode() != floating) return find(pc);
            state.floating(floating);
        }
        return resume;
    }

    /** Reads the time into a slot, as before the instruction has retired. */
    private long time(int slot) {
        hart.retired = base - state.left() - 1;
        hart.reportRetired();
        state.slot(slot, hart.clock.monotonic());
        state.putLong(State.ORIGIN, hart.clock.origin());
        return state.getLong(State.RESUME);
    }

    /** The code at an address, if it is there or it is time to write it; else 0. */
    private long find(long va) {
        if (!refresh()) return 0;
        long code = Objects.requireNonNull(jumps).get(va);
        if (code != 0) return code;
        code = current(search(va));
        if (code != 0) Objects.requireNonNull(jumps).put(va, code);
        return code;
    }

    /** Code, if it can be executed: 0 if it is 0, or in a space that is not the current one. */
    private long current(long code) {
        return code != 0 && refresh() && Objects.requireNonNull(space).holds(code) ? code : 0;
    }

    private long search(long va) {
        DecodedPage page = page(va);
        if (page == null) return 0;
        if (!(page.markAt(va) instanceof Entry entry)) {
            page.begin(slot(va));
            return 0;
        }
        long code = engine.known(entry, va, false);
        if (code != 0) return code;
        if (page.visit(va)) return 0;
        code = engine.write(page, va, entry, false);
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
            caches.clear();
            seen = now;
            space = engine.space();
        }
        JumpCache mine = jumps;
        if (mine == null || mine.tlb != tlb) jumps = mine = caches.of(tlb);
        mine.refresh();
        return true;
    }

    private boolean makeWindow() {
        if (windows) windows = hart.mmu.open(hart, pc);
        return hart.tlb.window != null;
    }

    /** What it did, by name. */
    Map<String, Long> figures() {
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("interpreted", interpreted);
        for (int kind = 0; kind < CodeSpace.KINDS.size(); kind++) all.put(CodeSpace.KINDS.get(kind), state.ends(kind));
        return all;
    }
}
