package vkernel.host.sim;

import static vkernel.host.Vmspaces.EXECUTE;
import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.host.Clock;
import vkernel.host.HostException;
import vkernel.host.Padded;
import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Mmu;
import vkernel.host.engine.Tlb;
import vkernel.host.engine.Trap;

/**
 * The host's side of one hart: its MMU and its part in shootdowns.
 *
 * <p>The handshake is Dekker's: a hart writes {@link #switches} and then reads {@link #posted}; who shoots writes
 * {@link #posted} and then reads {@link #switches}. So a hart that is seen outside {@code run} forgets what was posted
 * before it next uses a translation, and nobody needs to wait for it.
 */
final class Core extends Padded implements Mmu {
    final Hart hart;

    private final Ram ram;
    private final long base;
    private final Walker walker;
    private final TlbPool pool;
    private final Opener opener;
    private final @Nullable StaleTranslations stale; // null unless the machine checks translations

    private final Object lock = new Object();
    private final FlushQueue queue = new FlushQueue(); // guarded by lock
    private volatile long posted; // written under lock
    private volatile long acknowledged; // written under lock

    private volatile long switches; // entries to run plus exits, so odd inside; written by the hart's thread
    private @Nullable Thread thread; // who is inside run; published by switches
    private TlbPool.@Nullable Slot slot; // of the current address space; hart thread only

    /** Takes a hart over. */
    Core(Hart hart, Ram ram, Clock clock, @Nullable StaleTranslations stale) {
        this.hart = hart;
        hart.plug(this, clock);
        this.ram = ram;
        this.base = ram.base();
        this.walker = new Walker(ram);
        this.pool = new TlbPool(hart.id);
        this.opener = new Opener(ram, walker);
        this.stale = stale;
    }

    /** Runs user code; the calling thread is the hart. */
    int run(Space space, Engines engines, long budget, boolean exact) {
        enter(space);
        try {
            Engine now = engines.current();
            if (hart.attention() != 0 && attend(hart)) return hart.trap = Trap.INTERRUPT;
            return now.run(hart, budget, exact);
        } finally {
            thread = null;
            switches++;
        }
    }

    private void enter(Space space) {
        if (running()) throw new HostException(HostException.Reason.BUSY, "hart " + hart.id + " runs already");
        thread = Thread.currentThread();
        switches++;
        TlbPool.Slot mine = slot;
        if (mine == null || mine.space != space) slot = mine = pool.take(space);
        hart.tlb = mine.tlb;
        if (posted != acknowledged) serve();
    }

    @Override
    public long translate(Hart self, long va, int access) {
        TlbPool.Slot mine = Objects.requireNonNull(slot);
        Space space = Objects.requireNonNull(mine.space);
        int fault = walker.translate(space, va, access);
        if (stale != null) stale.check(this, mine.shadow, space, va, access, fault, walker);
        if (fault != Walker.HIT) {
            self.trap = fault;
            self.trapAddress = va;
            self.trapAccess = access;
            return 0;
        }
        int frame = (int) (walker.address >>> Vpte.PAGE_SHIFT);
        if (access == WRITE) ram.changing(frame);
        if (access == EXECUTE) self.fetchFrame = frame;
        if (stale == null) fill(mine.tlb, va, access, frame);
        return base + walker.address;
    }

    private void fill(Tlb tlb, long va, int access, int frame) {
        int i = Tlb.index(va);
        long page = va >>> Vpte.PAGE_SHIFT;
        long addend = base + walker.address - va;
        int rights = walker.rights;
        if ((rights & READ) != 0) {
            tlb.readAddend[i] = addend;
            tlb.read[i] = page;
        }
        if ((rights & WRITE) != 0 && !ram.isCode(frame)) {
            tlb.writeAddend[i] = addend;
            tlb.write[i] = page;
        }
        if (access == EXECUTE) tlb.fillExecute(va, frame);
    }

    @Override
    public boolean open(Hart self, long va) {
        if (stale != null) return false;
        TlbPool.Slot mine = Objects.requireNonNull(slot);
        Tlb tlb = mine.tlb;
        if (tlb.window == null) tlb.window = ram.window();
        pool.renewWindows();
        return tlb.window != null && opener.open(tlb.window, Objects.requireNonNull(mine.space), va);
    }

    @Override
    public boolean attend(Hart self) {
        int asked = self.clear(Hart.INTERRUPT | Hart.FLUSH);
        if ((asked & Hart.FLUSH) != 0) serve();
        return (asked & Hart.INTERRUPT) != 0;
    }

    /** Forgets what others asked to forget. Hart thread, or a thread that has become the hart. */
    void serve() {
        synchronized (lock) {
            queue.apply(pool);
            acknowledged = posted;
        }
    }

    /** Asks to forget a range of a space. Any thread. */
    void post(Space space, long va, long length) {
        synchronized (lock) {
            queue.add(space, va, length);
            posted++;
        }
    }

    /** Asks to forget every write translation. Any thread. */
    void postWrites() {
        synchronized (lock) {
            queue.addWrites();
            posted++;
        }
    }

    long posted() {
        return posted;
    }

    /** Whether nothing posted up to {@code post} can still be in use. */
    boolean answered(long post) {
        return !running() || acknowledged >= post;
    }

    /** Whether a request to forget a page waits to be served. */
    boolean asked(Space space, long va) {
        synchronized (lock) {
            return queue.covers(space, va);
        }
    }

    boolean running() {
        return (switches & 1) != 0;
    }

    boolean runsIn(Thread candidate) {
        return running() && thread == candidate;
    }

    /** Entries to {@code run} plus exits. */
    long switches() {
        return switches;
    }
}
