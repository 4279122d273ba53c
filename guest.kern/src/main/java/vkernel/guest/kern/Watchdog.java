package vkernel.guest.kern;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.ThreadBody;
import vkernel.kern.Irq;
import vkernel.kern.Poll;

/**
 * Ends handlers that do not end (Linux: kernel/watchdog.c). A thread that looks some times in a second who has the
 * kernel lock; it takes the lock itself only for what is due between handlers. What counts is the time in which a
 * handler really computes or waits, so that a busy machine is not taken for a bug.
 *
 * <p>A loop ends at its next {@link Poll}, a wait by an interrupt. What is neither, a loop in a class that is not woven,
 * cannot be ended, and is said to be so.
 */
final class Watchdog implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    /** How long a handler may take that a provider on probation has a hand in, or a change of providers; milliseconds. */
    static final long PROBATION_LIMIT = 1_000;
    /** How long any other may take; milliseconds. */
    static final long LIMIT = 10_000;

    private static final long LOOK = 100;

    private final EventKernel kernel;
    private final Irq line;
    private final @Nullable ThreadMXBean threads = bean();

    /** Who changes providers now, beside the harts. */
    private volatile @Nullable Thread changing;
    /** Whose handler was told to end; read and written with its end in view, by it and by the watchdog. */
    private volatile @Nullable Stall stall;

    private volatile @Nullable Thread thread; // while it watches
    private @Nullable Thread last;

    // of this thread
    private @Nullable Thread owner;
    private long taken;
    private volatile long stalled;
    private long cpu;
    private int looks;
    private @Nullable Thread tending;

    private record Stall(Thread thread, @Nullable Place culprit, String where) {}

    Watchdog(EventKernel kernel) {
        this.kernel = kernel;
        line = kernel.state.interrupts().line("watchdog", this::ended);
    }

    private static @Nullable ThreadMXBean bean() {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        return bean.isThreadCpuTimeSupported() && bean.isThreadCpuTimeEnabled() ? bean : null;
    }

    void start() {
        Thread watching = ThreadBody.daemon("watchdog", this);
        thread = watching;
        last = watching;
        watching.start();
    }

    /** Ends it soon. With the kernel lock held, which it may wait for. */
    void stop() {
        Thread watching = thread;
        thread = null;
        if (watching != null) {
            watching.interrupt();
        }
    }

    /** Waits until it has ended. Without the kernel lock. */
    void join() throws InterruptedException {
        if (last != null && last != Thread.currentThread()) {
            last.join();
        }
    }

    /** A thread that is no hart changes providers, with the kernel lock held; null when it is done. */
    void watch(@Nullable Thread changer) {
        changing = changer;
    }

    /** The calling thread has come out of what it was told to come out of. */
    void relieve() {
        Stall now = stall;
        if (now != null && now.thread == Thread.currentThread()) {
            stall = null;
            stalled = 0; // what it does next, to put another in place, has its own time
            Poll.spare(now.thread);
            Thread.interrupted();
        }
    }

    @Override
    public void run() {
        while (thread == Thread.currentThread()) {
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                break;
            }
            look();
            if (++looks % 10 == 0 && kernel.due()) {
                tend();
            }
        }
        spare();
    }

    /** On a thread of its own: this one waits for no lock, and what providers do then is watched too. */
    private void tend() {
        if (tending == null || !tending.isAlive()) {
            tending = ThreadBody.daemon("probation", kernel::tend);
            tending.start();
        }
    }

    private void look() {
        Thread now = kernel.lock.owner();
        long count = kernel.lock.taken();
        if (now == null || now != owner || count != taken) {
            owner = now;
            taken = count;
            stalled = 0;
            cpu = now == null ? 0 : cpu(now);
            spare();
            return;
        }
        boolean waits = switch (now.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
        long used = cpu(now);
        stalled += waits ? LOOK : (used - cpu) / 1_000_000;
        cpu = used;
        if (stalled >= PROBATION_LIMIT) {
            judge(now, waits);
        }
    }

    private void judge(Thread stuck, boolean waits) {
        Throwable sample = new Throwable();
        sample.setStackTrace(stuck.getStackTrace());
        Place culprit = Culprits.onProbation(sample, kernel.swapping.places(), kernel.now());
        boolean ours = kernel.harts.has(stuck) && stalled >= LIMIT || stuck == changing;
        if (culprit == null && !ours) {
            return; // somebody from outside may hold the lock as long as they like
        }
        if (stall == null) {
            LOG.warn("a handler does not end, for {} ms now", stalled, sample);
        }
        stall = new Stall(stuck, culprit, "it does not end: " + Flip.words(sample)); // before it can come out
        Poll.condemn(stuck);
        if (waits) {
            stuck.interrupt();
        }
        line.raise();
    }

    /** The lock has changed hands: whoever was condemned has come out. */
    private void spare() {
        Stall now = stall;
        if (now != null) {
            Poll.spare(now.thread);
        }
    }

    /** On a hart, after a handler was told to end and has ended without a word. */
    private void ended() {
        Stall now = stall;
        if (now == null) {
            return;
        }
        stall = null;
        Poll.spare(now.thread);
        if (now.culprit != null && now.culprit.onProbation(kernel.now())) {
            kernel.swapping.fail(now.culprit, now.where, 0);
        }
    }

    /** CPU time of a thread, nanoseconds; where the JVM does not tell, as if it computed all the time. */
    private long cpu(Thread of) {
        return threads == null ? System.nanoTime() : threads.getThreadCpuTime(of.threadId());
    }
}
