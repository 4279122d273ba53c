package vkernel.guest.kern;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.ThreadBody;
import vkernel.kern.Irq;
import vkernel.kern.LockWatch;
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
    private final LockWatch watch;

    /** Who changes providers now, beside the harts. */
    private volatile @Nullable Thread changing;
    /** Whose handler was told to end; read and written with its end in view, by it and by the watchdog. */
    private volatile @Nullable Stall stall;

    private volatile @Nullable Thread thread; // while it watches
    private @Nullable Thread last;

    // of this thread
    private final Map<HartLoop, Run> runs = new HashMap<>();
    private int looks;
    private @Nullable Thread tending;

    /** Who does not end what; void once it has come out. */
    private record Stall(
            Thread thread,
            BooleanSupplier still,
            @Nullable Place culprit,
            @Nullable Provider now,
            String where) {}

    /** A hart in user code: since which entry, and for how much CPU time or waiting. */
    private static final class Run {
        private long entries;
        private long cpu;
        private long millis;
    }

    Watchdog(EventKernel kernel) {
        this.kernel = kernel;
        watch = new LockWatch(kernel.lock);
        line = kernel.state.interrupts().line("watchdog", this::ended);
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
            watch.relieve(); // what it does next, to put another in place, has its own time
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
        if (watch.look(LOOK)) {
            spare();
        } else if (watch.millis() >= PROBATION_LIMIT && watch.owner() != null) {
            judge(watch.owner());
        }
        if (kernel.host().onProbation()
                || kernel.trials.goingBack()) { // while one hart waits for that, another may not
            kernel.harts.loops().forEach(this::lookAtRun);
        } else {
            runs.clear();
        }
    }

    private void judge(Thread stuck) {
        Throwable sample = sample(stuck);
        Place culprit = Culprits.onProbation(sample, kernel.places.all(), kernel.now());
        boolean ours = kernel.harts.has(stuck) && watch.millis() >= LIMIT || stuck == changing;
        if (culprit == null && !ours && !kernel.trials.suspects(stuck, sample)) {
            return; // somebody from outside may hold the lock as long as they like
        }
        if (!watch.lasts()) {
            return; // it has come out meanwhile: what was seen may be something else already
        }
        if (stall == null) {
            LOG.warn("a handler does not end, for {} ms now", watch.millis(), sample);
        }
        Provider now = culprit == null ? null : culprit.now;
        condemn(new Stall(stuck, watch.still(), culprit, now, "it does not end: " + Flip.words(sample)), watch.waits());
        line.raise();
    }

    private void condemn(Stall next, boolean waits) {
        Stall before = stall;
        boolean once = before == null || before.thread != next.thread;
        stall = next; // before it can come out
        Poll.condemn(next.thread, once, next.still);
        if (waits) {
            next.thread.interrupt();
        }
    }

    private static Throwable sample(Thread stuck) {
        Throwable sample = new Throwable();
        sample.setStackTrace(stuck.getStackTrace());
        return sample;
    }

    /** A new machine must come out of user code when it is told to: it has its quantum in instructions, a short one. */
    private void lookAtRun(HartLoop loop) {
        Run run = runs.computeIfAbsent(loop, fresh -> new Run());
        Thread thread = loop.thread();
        long entries = loop.entries();
        long used = thread == null ? 0 : watch.cpu(thread);
        if (thread == null || !loop.inside() || loop.idle() || entries != run.entries) {
            run.entries = entries;
            run.cpu = used;
            run.millis = 0;
            return;
        }
        boolean waits = LockWatch.waits(thread);
        run.millis += waits ? LOOK : (used - run.cpu) / 1_000_000;
        run.cpu = used;
        if (run.millis < PROBATION_LIMIT) {
            kernel.host().hart(loop.id()).interrupt();
            return;
        }
        Throwable sample = sample(thread);
        LOG.warn("hart {} does not come out of user code, for {} ms now", loop.id(), run.millis, sample);
        BooleanSupplier still = () -> loop.inside() && loop.entries() == entries;
        condemn(new Stall(thread, still, null, null, "it does not end: " + Flip.words(sample)), waits);
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
        if (now.culprit != null && now.culprit.now == now.now && now.culprit.onProbation(kernel.now())) {
            kernel.vacancies.fail(now.culprit, now.where, 0);
        }
    }
}
