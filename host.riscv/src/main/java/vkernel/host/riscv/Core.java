package vkernel.host.riscv;

import org.jspecify.annotations.Nullable;
import vkernel.host.Padded;
import vkernel.host.Vmspaces;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Tlb;
import vkernel.host.engine.Trap;

/**
 * A hart's execution around {@link Loop}: finds and decodes code, keeps the budget, ends a run with a trap. Hart
 * thread only.
 *
 * <p>An instruction that lies in two pages, and a marked one at which the loop would stop, run from {@code strip}: a
 * page of code that holds nothing else; at the empty slot behind it the loop comes back here.
 */
public class Core extends Padded {
    /** What a stretch of interpretation ended with: a trap, a mark, or nothing special. */
    protected static final int TRAPPED = 0;

    protected static final int MARKED = 1;
    protected static final int GO_ON = 2;

    private static final long PAGE = -1L << 12;
    /** No address of an instruction. */
    private static final long NOWHERE = -1;
    /** Most instructions between two looks at the hart's attention word. */
    private static final int STRETCH = 1024;

    public final Hart hart;
    protected final CodeCache cache;
    /** The decoded pages by frame, for the loop. */
    final @Nullable DecodedPage[] pages;

    private final Access access;
    private final Atomics atomics;
    private final Fpu fpu = new Fpu();

    private final long[] strip = new long[DecodedPage.SLOTS + 2];
    /** The one slot of {@link #strip} in use. */
    private int stripped;

    /** Where the loop begins and where it stopped. */
    protected long pc;
    /** What the loop runs, or ran last: the code of the page of {@link #pc}. */
    long[] code = strip;
    /** The instruction before which the loop has stopped because it does not execute it; 0 if there is none. */
    long met;
    /** Where the loop has jumped out of the page, or {@link #NOWHERE}. */
    long target;
    /** Count of {@code hart.retired} at which the budget is used up: the loop stops there. */
    protected long end;

    protected boolean exact;

    protected Core(Hart hart, CodeCache cache) {
        this.hart = hart;
        this.cache = cache;
        this.pages = cache.pages;
        this.access = new Access(hart);
        this.atomics = new Atomics(hart, access);
        strip[DecodedPage.SLOTS] = strip[DecodedPage.SLOTS + 1] = Packed.complete(Packed.NONE, Op.NEXT_PAGE, 1);
    }

    public boolean belongsTo(CodeCache other) {
        return cache == other;
    }

    /** See {@link vkernel.host.engine.Engine#run}. */
    public int run(long budget, boolean exactly) {
        long[] regs = hart.regs;
        // The loop does not check its accesses to the register file.
        if (regs.length < Registers.SIZE) throw new IllegalArgumentException(regs.length + " registers");
        pc = regs[Registers.PC];
        regs[0] = 0;
        end = hart.retired + Math.min(Math.max(budget, 0), Long.MAX_VALUE - hart.retired);
        exact = exactly;
        try {
            return hart.trap = untilTrap();
        } finally {
            regs[Registers.PC] = pc;
        }
    }

    /** Runs from {@link #pc} until a trap. @return its code */
    protected int untilTrap() {
        while (true) {
            if (hart.attention() != 0 && hart.mmu.attend(hart)) return Trap.INTERRUPT;
            if (hart.retired >= end) return Trap.BUDGET;
            if (stretch() == TRAPPED) return hart.trap;
        }
    }

    /**
     * Interprets from {@link #pc}, at least one instruction unless it traps, until a trap, a mark, the end of the
     * budget or somebody who wants attention. @return {@link #TRAPPED}, {@link #MARKED} or {@link #GO_ON}
     */
    protected final int stretch() {
        return stretch(false);
    }

    /** Interprets the instruction at {@link #pc}. @return false after a trap */
    protected final boolean step() {
        return stretch(true) != TRAPPED;
    }

    private int stretch(boolean alone) {
        if (!prepare(alone)) return TRAPPED;
        do {
            long in = loop();
            if (in == 0) return GO_ON;
            if (Packed.op(in) == Op.MARK) return MARKED;
            if (!rare(in)) {
                if (hart.trap == Trap.ILLEGAL) illegal();
                return TRAPPED;
            }
            pc += 2L * Packed.halfWords(in);
            hart.retired++;
        } while ((pc & ~PAGE) > 2);
        return GO_ON;
    }

    /**
     * Runs {@link #code} from {@link #pc}.
     *
     * @return the instruction at which it stopped, as it was read then (another hart may have dropped the page since): one
     *     for {@link #rare} or a mark. 0 if it stopped for something else
     */
    private long loop() {
        Tlb tlb = hart.tlb;
        met = 0;
        while (true) {
            long page = pc & PAGE;
            int most = (int) Math.min(end - hart.retired, STRETCH);
            if (most <= 0) return 0;
            target = NOWHERE;
            long state = Loop.run(this, code, page, Loop.state(pc, most));
            hart.retired += Loop.done(state, most);
            pc = target == NOWHERE ? page + Loop.offset(state) : target;
            if (met != 0 || hart.attention() != 0) return met;
            if ((pc & PAGE) == page) {
                if (state < 0) return 0;
                continue;
            }
            int i = Tlb.index(pc);
            if (tlb.execute[i] != pc >>> 12) return 0;
            @Nullable DecodedPage there = pages[tlb.executeFrame[i]];
            if (there == null || !there.marked) return 0;
            code = there.code;
        }
    }

    /** Makes {@link #code} ready at {@link #pc}. @param alone with nothing behind it @return false after a trap */
    private boolean prepare(boolean alone) {
        if ((pc & 1) != 0) return trap(Trap.MISALIGNED, pc, Vmspaces.EXECUTE);
        DecodedPage page = fetch(pc);
        if (page == null) return false;
        int slot = slot(pc);
        if (page.straddles(slot)) {
            DecodedPage next = fetch((pc & PAGE) + (1 << 12));
            if (next == null) return false;
            strip(slot, page.straddling(next));
            return true;
        }
        if (page.code[slot] == 0) page.decodeRun(slot);
        if (alone || page.stops(slot)) strip(slot, page.plain(slot));
        else code = page.code;
        return true;
    }

    private void strip(int slot, long in) {
        strip[stripped] = 0;
        strip[slot] = in;
        stripped = slot;
        code = strip;
    }

    /** The page of code at an address, or null after a trap. */
    protected final @Nullable DecodedPage fetch(long va) {
        Tlb tlb = hart.tlb;
        int i = Tlb.index(va);
        if (tlb.execute[i] == va >>> 12) return cache.page(tlb.executeFrame[i]);
        return hart.mmu.translate(hart, va, Vmspaces.EXECUTE) == 0 ? null : cache.page(hart.fetchFrame);
    }

    /** Slot of an address in its page. */
    public static int slot(long va) {
        return (int) va >>> 1 & DecodedPage.SLOTS - 1;
    }

    /**
     * Executes what the loop does not: everything but pc and count of the instruction is done here.
     *
     * @return false after a trap, with nothing done
     */
    boolean rare(long in) {
        int op = Op.plain(Packed.op(in));
        long[] regs = hart.regs;
        if (op <= Op.FLW) return access.load(op, in, regs);
        if (op <= Op.SD) return access.store(op, in, regs);
        if (op < Op.DIV) return fpu.execute(op, in, regs) || illegalHere();
        if (op <= Op.REMUW) return Division.execute(op, in, regs);
        if (op >= Op.LR_W) return atomics.execute(op, in, regs);
        if (op >= Op.CSRRW) return Csrs.execute(hart, op, in) || illegalHere();
        return switch (op) {
            case Op.FENCE, Op.FENCE_I -> Memory.fence();
            case Op.ECALL -> trap(Trap.SYSCALL, 0, 0);
            case Op.EBREAK -> trap(Trap.BREAKPOINT, 0, 0);
            default -> illegalHere();
        };
    }

    private boolean illegalHere() {
        return trap(Trap.ILLEGAL, 0, Vmspaces.EXECUTE);
    }

    /** Adds its bits to a trap of an illegal instruction; they are not kept in decoded code. */
    private int illegal() {
        DecodedPage page = fetch(pc);
        if (page == null) return hart.trap;
        int slot = slot(pc);
        int bits = page.half(slot);
        if (!Decoder.compressed(bits)) {
            DecodedPage next = page.straddles(slot) ? fetch(pc + 2) : page;
            if (next == null) return hart.trap;
            bits |= next.half(slot(pc + 2)) << 16;
        }
        trap(Trap.ILLEGAL, Integer.toUnsignedLong(bits), Vmspaces.EXECUTE);
        return Trap.ILLEGAL;
    }

    protected final boolean trap(int code, long address, int access) {
        hart.trap = code;
        hart.trapAddress = address;
        hart.trapAccess = access;
        return false;
    }
}
