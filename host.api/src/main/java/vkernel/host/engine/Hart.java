package vkernel.host.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import vkernel.host.Clock;
import vkernel.host.Padded;

/**
 * A hardware thread: what an engine needs at hand while it runs user code. Fields are of the hart's own thread unless
 * said; a host makes the harts and an engine may hang its own state on {@link #engineState}.
 */
public final class Hart extends Padded {
    /** A bit of {@link #attention}: leave the engine with {@link Trap#INTERRUPT}. */
    public static final int INTERRUPT = 1;
    /** A bit of {@link #attention}: call {@link Mmu#attend}, the TLB must be flushed. */
    public static final int FLUSH = 2;

    private static final VarHandle ATTENTION;

    static {
        try {
            ATTENTION = MethodHandles.lookup().findVarHandle(Hart.class, "attention", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public final int id;
    /** Of the host of now; set by it, and others after the host was replaced. */
    public Mmu mmu;

    public Clock clock;

    /** The register file being run, see {@link Registers}; set by the kernel before {@code run}. */
    public long[] regs = new long[Registers.SIZE];

    /** Translations of the current address space; set by the host in {@code run}. */
    public Tlb tlb = new Tlb();

    /** The last trap's code, see {@link Trap}. */
    public int trap;
    /** The address that faulted, or the bits of an illegal instruction. */
    public long trapAddress;
    /** READ, WRITE or EXECUTE of {@link vkernel.host.Vmspaces}. */
    public int trapAccess;

    /** Frame of the last EXECUTE translation. */
    public int fetchFrame;

    /**
     * Instructions retired by this hart since it was made; exact whenever {@code run} has returned. An instruction that
     * traps does not retire.
     */
    public long retired;

    /** How much of {@link #retired} the clock has been told. */
    private long told;

    /**
     * Address reserved by {@code lr} (with bit 0 set by {@code lr.d}), or -1. A kernel sets it to -1 when it switches
     * tasks.
     */
    public long reservation = -1;
    /** Value loaded by {@code lr}. */
    public long reservedValue;

    /** An engine's own state for this hart. Soft: dropped when the engine is replaced. */
    public @Nullable Object engineState;

    /**
     * What others ask of this hart, as bits; an engine reads it on every backward jump and at least every few
     * thousand instructions. Written by any thread.
     */
    private volatile int attention;

    private volatile @Nullable Runnable bell;

    /** A hart that a host is still to {@link #plug}. */
    public Hart(int id) {
        this(id, NoHost.INSTANCE, NoHost.INSTANCE);
    }

    public Hart(int id, Mmu mmu, Clock clock) {
        this.id = id;
        this.mmu = mmu;
        this.clock = clock;
    }

    /** For a host that takes the hart over. The hart is outside {@code run}. */
    public void plug(Mmu nextMmu, Clock nextClock) {
        forget();
        mmu = nextMmu;
        clock = nextClock;
    }

    /** For a host that gives the hart up: nothing of the host or of an engine stays on it. It is outside {@code run}. */
    public void unplug() {
        plug(NoHost.INSTANCE, NoHost.INSTANCE);
    }

    /** Drops all that is soft. The hart is outside {@code run}. */
    public void forget() {
        engineState = null;
        bell = null;
        tlb = new Tlb();
    }

    /**
     * Tells the clock of the instructions retired since the last call. Called by the engine, with {@link #retired}
     * up to date, before an instruction reads the clock, and by the host after every run; so each instruction is
     * counted once. The hart's thread only.
     */
    public void reportRetired() {
        long news = retired - told;
        told = retired;
        clock.retired(news);
    }

    /** For an engine's poll: a plain read of a volatile field, which no compiler makes a call of. */
    public int attention() {
        return attention;
    }

    /** Asks the hart to leave user code soon. Any thread. */
    public void interrupt() {
        ask(INTERRUPT);
    }

    /** Sets bits of the attention word. Any thread. */
    public void ask(int bits) {
        ATTENTION.getAndBitwiseOr(this, bits);
        Runnable rung = bell;
        if (rung != null) rung.run();
    }

    /**
     * Sets who is told, after each change of {@link #attention}, by the thread that asks: for an engine whose code cannot
     * read a Java field. Soft, like {@link #engineState}.
     */
    public void bell(Runnable told) {
        bell = told;
    }

    /** Clears bits of the attention word and returns what it was. */
    public int clear(int bits) {
        return (int) ATTENTION.getAndBitwiseAnd(this, ~bits);
    }
}
