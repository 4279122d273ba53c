package vkernel.host.riscv.jit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.host.Window;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Tlb;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.CodeCache;
import vkernel.host.riscv.Core;
import vkernel.host.riscv.DecodedPage;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;
import vkernel.host.riscv.Packed;

/**
 * A hart's execution: runs regions where there are, else interprets and counts. Hart thread only.
 *
 * <p>Regions call each other as the guest's functions do, so several of them, and several {@link #execute}, can be on
 * the Java stack. Its shape means nothing: every one of them goes on only if the guest is where it expects it, with
 * all registers read anew.
 */
public final class Dispatcher extends Core {
    /** In an address where the guest goes on: the instruction there is one for the interpreter. */
    static final int PAST = 1;
    /** Instead of an address: there was a trap, and the pc and its code are in the hart. */
    static final long UNWIND = -1;

    /** An address that the guest never reaches. */
    private static final long NOWHERE = -2;
    /** Calls nested on the Java stack. */
    private static final int DEPTH = 160;
    /** Pages around a place that a region can be made of. */
    private static final int REACH = 8;

    private static final int RECENT = 4096;
    /** So many times as often a place is met that is part of a region before it has one of its own. */
    private static final int COVERED = 50;

    /** Part of the visits that make a place hot after which one that waits for its translation is looked at again. */
    private static final int SOON = 8;

    private final Translator translator;
    private final int hot;
    private final int soon;
    private final Profile profile;
    private final Validity validity = new Validity();
    private final Counters counters = new Counters();
    private volatile @Nullable Hotspots hotspots;
    private final @Nullable Region[] recent = new @Nullable Region[RECENT]; // soft

    /** Instructions that regions may still retire; written and read by them. */
    int left;
    /** Of the current TLB: its notes on regions, the epoch to find there, and its window. Read by regions. */
    long[] notes = {};

    long epoch;
    long window;
    private @Nullable Tlb noted;
    /** {@code hart.retired} when {@link #left} will be 0. */
    private long base;
    /** Changes of code that happened before the first region that is on the Java stack began. */
    private int seenChanges;
    /** {@link Regions#age} when {@link #recent} was last free of evicted regions. */
    private int seenAge;
    /** Where the access was that a region left; or {@link #NOWHERE}. */
    private long accessAt;
    /** After {@link #UNWIND}: where to go on with an empty Java stack; 0 after a trap. */
    private long again;

    Dispatcher(Hart hart, CodeCache cache, Translator translator) {
        super(hart, cache);
        this.translator = translator;
        this.hot = translator.hot();
        this.soon = Math.max(1, hot / SOON);
        this.profile = new Profile(this, translator.hints());
    }

    @Override
    protected int untilTrap() {
        if ((pc & 1) != 0) return super.untilTrap();
        long at = pc;
        do {
            again = 0;
            seenChanges = translator.changes();
            execute(at, NOWHERE, DEPTH);
            at = again;
        } while (at != 0);
        counters.traps++;
        return hart.trap;
    }

    /** Goes on where a call came back to, until the guest is where the caller expects it. */
    long resume(long at, long expected, int depth) {
        if (at == UNWIND || depth <= 0) return at;
        counters.resumed++;
        hart.retired = base - left;
        long before = hart.tlb.codeEpoch;
        long to = translator.changes() == seenChanges ? execute(at, expected, depth - 1) : at;
        if (to == UNWIND) return to;
        if (translator.changes() != seenChanges || hart.tlb.codeEpoch != before) {
            // The code of those on the Java stack may have changed, or may lie elsewhere: none of them must go on.
            again = to;
            return UNWIND;
        }
        arm();
        return to;
    }

    /** Runs the guest from an address until it is at another, or until a trap. @return which of both */
    private long execute(long from, long stop, int depth) {
        long at = from;
        while (true) {
            boolean past = (at & PAST) != 0;
            pc = at & ~PAST;
            if (past) left();
            Hotspots profiled = hotspots;
            long access = past ? accessAt : NOWHERE;
            if (hart.attention() != 0 && hart.mmu.attend(hart)) return unwind(Trap.INTERRUPT);
            if (hart.retired >= end) return unwind(Trap.BUDGET);
            if (!past) {
                if (at == stop) return at;
                Region region = regionAt(pc);
                if (region != null && arm()) {
                    counters.entered++;
                    if (profiled != null) profiled.entered(pc);
                    at = chain(region.code().run(this, hart.regs, depth), stop, depth);
                    if (at == UNWIND) return at;
                    hart.retired = base - left;
                    continue;
                }
            }
            long before = hart.retired;
            int end = stretch();
            counters.interpreted += hart.retired - before;
            counters.stretches++;
            if (profiled != null) profiled.interpreted(at & ~PAST, hart.retired - before, state(at));
            if (access != NOWHERE) open(access);
            if (end == TRAPPED) return UNWIND;
            at = pc;
        }
    }

    /** Runs regions as long as each ends where another is known to begin. @return as {@link Code#run} */
    private long chain(long from, long stop, int depth) {
        long at = from;
        while (at != stop) {
            Region region = recent[slotOf(at)];
            if (region == null || region.entry() != at) {
                if ((at & PAST) == 0) begin(at);
                return at;
            }
            if (left <= 0 || hart.attention() != 0 || region.dropped() || !noted(region)) return at;
            counters.entered++;
            at = region.code().run(this, hart.regs, depth);
        }
        return at;
    }

    private boolean noted(Region region) {
        return notes[Validity.index(region.number())] == epoch + Validity.turn(region.number());
    }

    /** Where a region has ended another may begin: else all of a long block but its start would be interpreted. */
    private void begin(long va) {
        Tlb tlb = hart.tlb;
        int i = Tlb.index(va);
        DecodedPage page = tlb.execute[i] == va >>> Text.PAGE_SHIFT ? cache.pages[tlb.executeFrame[i]] : null;
        if (page != null) page.begin(slot(va));
    }

    /** A region left the instruction at the pc to the interpreter. */
    private void left() {
        accessAt = NOWHERE;
        Tlb tlb = hart.tlb;
        int i = Tlb.index(pc);
        DecodedPage page = tlb.execute[i] == pc >>> Text.PAGE_SHIFT ? cache.pages[tlb.executeFrame[i]] : null;
        if (page == null) return;
        Region region = recent[slotOf(pc)];
        if (region != null && region.entry() == pc && !region.takes(hart.regs)) {
            demandsTooMuch(page);
            return;
        }
        Hotspots profiled = hotspots;
        if (profiled != null) profiled.left(pc);
        long in = page.plain(slot(pc));
        int op = Op.plain(Packed.op(in));
        counters.left(op);
        page.begin(slot(pc) + Packed.halfWords(in));
        // no object for what merely traps, which system calls do all the time
        if (op != Op.ECALL && translator.windows() && opens(new Insn(pc, in))) return;
        profile.left(pc, hart.retired);
    }

    /** A region begins here that wants registers to hold ints, and they do not always. */
    private void demandsTooMuch(DecodedPage page) {
        translator.hints().ints(pc, Ints.in(hart.regs));
        if (!(page.markAt(pc) instanceof Spot spot)) return;
        Spot.Entry entry = spot.at(pc);
        if (!entry.requested && entry.wished()) request(entry);
    }

    /** Whether the instruction is an access to where no window is open yet. */
    private boolean opens(Insn insn) {
        if (!insn.memory() && !insn.atomic()) return false;
        long va = hart.regs[insn.rs1()] + (insn.atomic() ? 0 : insn.imm());
        if (openAlready(va, insn.load() || insn.op() == Op.LR_W || insn.op() == Op.LR_D)) return false;
        accessAt = va;
        return true;
    }

    private boolean openAlready(long va, boolean load) {
        Window window = hart.tlb.window;
        if (window == null) return false;
        return load ? Raw.readable(window.base, va, 0) : Raw.writable(window.base, va, 0);
    }

    /** Opens the page of an access that a region could not do, and that is done now. */
    private void open(long va) {
        counters.opened++;
        if (!hart.mmu.open(hart, va)) translator.withoutWindows();
    }

    /** What rdtime reads, for a region. @param mayRetire what {@link #left} is before that instruction */
    long time(int mayRetire) {
        hart.retired = base - mayRetire;
        hart.reportRetired();
        return hart.clock.monotonic();
    }

    Counters counters() {
        return counters;
    }

    /** Begins to note where this hart is outside regions, or ends it with null. Any thread. */
    void profile(@Nullable Hotspots into) {
        hotspots = into;
    }

    /** Why the interpreter was at a place. */
    private String state(long at) {
        if ((at & PAST) != 0) return "left by a region";
        Tlb tlb = hart.tlb;
        int i = Tlb.index(at);
        DecodedPage page = tlb.execute[i] == at >>> Text.PAGE_SHIFT ? cache.pages[tlb.executeFrame[i]] : null;
        if (page == null) return "not in the TLB";
        if (!(page.markAt(at) instanceof Spot spot)) return "no mark";
        Spot.Entry entry = spot.at(at);
        Region region = entry.region;
        if (region != null) return usable(region) ? "region not entered" : "region not usable";
        return entry.hopeless ? "hopeless" : entry.requested ? "requested" : "waits";
    }

    private long unwind(int trap) {
        hart.trap = trap;
        return UNWIND;
    }

    /** Tells regions how much they may retire. @return whether that is anything */
    private boolean arm() {
        long most = (exact ? end - RegionMaker.MOST_INSTRUCTIONS : end) - hart.retired;
        left = Math.clamp(most, -1, 1 << 30);
        base = hart.retired + left;
        return left > 0;
    }

    /** A jump to wherever a register pointed, out of its region. @param from the instruction that jumps */
    long jump(long target, int depth, long from) {
        profile.jumped(from, target);
        Hotspots profiled = hotspots;
        if (profiled != null) profiled.jumped(from);
        return call(target, depth);
    }

    /** A call of whatever a register pointed to: runs the region there, or gives the address back. */
    long call(long target, int depth) {
        Region region = recent[slotOf(target)];
        if (region == null || region.entry() != target || region.dropped()) return target;
        return depth < 0 ? target : region.code().run(this, hart.regs, depth);
    }

    private static int slotOf(long va) {
        return (int) (va >>> 1 ^ va >>> 13) & RECENT - 1;
    }

    /** The region that begins at an address, if it can be used now; else counts the place. */
    @Nullable
    Region regionAt(long va) {
        int i = slotOf(va);
        Region region = recent[i];
        if (region == null || region.entry() != va || region.dropped()) region = search(va);
        if (region == null || !usable(region)) return null;
        recent[i] = region;
        return region;
    }

    /** Whether a region can run here; notes it. */
    private boolean usable(Region region) {
        if (!region.here(hart) || region.windows() && !window(region.entry())) return false;
        int age = translator.regions().age();
        region.used(age);
        if (age != seenAge) forgetDropped();
        seenAge = age;
        lookAround();
        notes[Validity.index(region.number())] = epoch + Validity.turn(region.number());
        return true;
    }

    /** Evicted regions are held by nobody, or their classes would stay. */
    private void forgetDropped() {
        for (int i = 0; i < RECENT; i++) {
            Region region = recent[i];
            if (region != null && region.dropped()) recent[i] = null;
        }
    }

    /** Brings up to date what regions know of the TLB. */
    private void lookAround() {
        Tlb tlb = hart.tlb;
        if (tlb != noted) notes = validity.of(tlb);
        noted = tlb;
        epoch = Validity.epoch(tlb);
        window = tlb.window == null ? 0 : tlb.window.base;
    }

    /** Sees to it that there is a window. */
    private boolean window(long va) {
        if (hart.tlb.window != null) return true;
        if (!hart.mmu.open(hart, va)) translator.withoutWindows();
        return hart.tlb.window != null;
    }

    private @Nullable Region search(long va) {
        Tlb tlb = hart.tlb;
        int i = Tlb.index(va);
        if (tlb.execute[i] != va >>> Text.PAGE_SHIFT) return null;
        DecodedPage page = cache.pages[tlb.executeFrame[i]];
        if (page == null || !(page.markAt(va) instanceof Spot spot)) return null;
        Spot.Entry entry = spot.at(va);
        Region region = entry.region;
        if (region != null && !region.dropped() && (translator.windows() || !region.windows())) {
            counters.hits++;
            return region;
        }
        if (page.visit(va)) return null;
        page.wait(va, patience(entry, region));
        return entry.region;
    }

    /** Asks for the translation of a place that was visited often, if it is time. @return visits to wait for now */
    private long patience(Spot.Entry entry, @Nullable Region old) {
        if (entry.hopeless) return Integer.MAX_VALUE;
        if (entry.requested) {
            entry.met++;
            return soon;
        }
        if (!entry.hot) {
            entry.hot = true;
            return hot;
        }
        if (!entry.covered && old == null && translator.regions().covers(entry.va, -1)) {
            entry.covered = true;
            return (long) hot * COVERED;
        }
        translator.hints().ints(entry.va, Ints.in(hart.regs));
        request(entry);
        return entry.requested ? soon : 0;
    }

    private void request(Spot.Entry entry) {
        entry.hot = false;
        entry.met = 0;
        translator.request(entry, text(entry.va));
    }

    /** Asks for new translations of the regions in which so many accesses are checked at a place; 0 for a jump. */
    void again(long va, int least, int most) {
        for (Spot.Entry entry : translator.regions().with(va, least, most)) {
            if (!entry.requested && entry.wished()) request(entry);
        }
    }

    /** The code around a place, as far as it is in the TLB. */
    private Text text(long va) {
        Map<Long, DecodedPage> pages = new HashMap<>();
        Map<Long, Integer> frames = new HashMap<>();
        Tlb tlb = hart.tlb;
        long middle = va >>> Text.PAGE_SHIFT;
        for (long number = Math.max(0, middle - REACH); number <= middle + REACH; number++) {
            int i = Tlb.index(number << Text.PAGE_SHIFT);
            if (tlb.execute[i] != number) continue;
            DecodedPage page = cache.pages[tlb.executeFrame[i]];
            if (page == null || !page.marked || page.dropped()) continue;
            pages.put(number, page);
            frames.put(number, tlb.executeFrame[i]);
        }
        return new Text(pages, frames);
    }
}
