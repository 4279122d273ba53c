package vkernel.kern;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import vkernel.task.Task;

/**
 * Who runs the kernel, and what happens when that changes: code comes, hands over, shows that it could, fails while it is
 * on probation, and the code before comes back. Belongs to a {@link KernelSlot}, whose public face says what each call is.
 * Lock order: {@link #exchanging}, then the kernel lock.
 */
final class Succession {
    /** How long new code is on probation, nanoseconds. */
    private static final long PROBATION = 30_000_000_000L;

    /** How long new code may take to stop the bundle of that before, seconds. */
    private static final long RETIRING = 5;

    private final KernelSlot slot;
    private final KernelLock lock;
    private final KernelState state;
    private final Object exchanging = new Object(); // before the lock

    private String formerName = ""; // guarded by the lock: whose code ran last
    private long stoppedSince; // guarded by the lock: when it stopped
    private volatile long probationUntil = Long.MIN_VALUE; // by System.nanoTime; MIN_VALUE for never
    private String bug = ""; // guarded by the lock: why the code before is wanted back
    private volatile boolean rehearsing;
    private volatile LongConsumer wayBack = bundle -> {};
    private volatile @Nullable Runnable rescue; // brings the code before, whose bundle has other content by now
    private @Nullable Runnable rescuer; // guarded by the lock: that of the code in use
    private volatile @Nullable Sentry sentry; // of who came last
    private volatile CountDownLatch retiring = new CountDownLatch(0); // until the bundle before has been stopped
    private int waiting; // guarded by the lock: calls that were blocked then

    Succession(KernelSlot slot) {
        this.slot = slot;
        lock = slot.kernelLock();
        state = slot.state();
    }

    // --- code comes and goes ----------------------------------------------------------------------------------------

    /** See {@link KernelSlot#fill}. */
    Optional<KernelCode> fill(KernelCode next) throws StateRejected {
        synchronized (exchanging) {
            lock.visit();
            Sentry watching = null;
            try {
                KernelCode former = slot.inUse();
                if (former != null || !formerName.isEmpty()) {
                    watching = Sentry.over(this, lock, next);
                    sentry = watching;
                }
                if (rehearsing) {
                    rehearse(next);
                    return Optional.empty();
                }
                exchange(next);
                return Optional.ofNullable(former);
            } finally {
                if (watching != null) {
                    watching.settled();
                    sentry = slot.inUse() == next ? watching : null;
                }
                lock.leave();
            }
        }
    }

    /** See {@link KernelSlot#empty}. */
    void empty(KernelCode gone) {
        synchronized (exchanging) {
            lock.visit();
            try {
                if (slot.inUse() != gone) {
                    return;
                }
                stop(gone);
                slot.stopAt(gone.now());
                slot.use(null);
            } finally {
                lock.leave();
            }
        }
    }

    private void exchange(KernelCode next) throws StateRejected {
        KernelCode former = slot.inUse();
        if (former == next) {
            return;
        }
        boolean back = !bug.isEmpty();
        if (former != null && !back) {
            stop(former);
        } else if (former != null) {
            stopBad(former);
        }
        try {
            state.check();
            slot.use(next);
            next.adopt();
        } catch (StateRejected | RuntimeException | Error e) {
            slot.use(former);
            if (former != null) {
                former.adopt();
                report(next, SwapReport.Outcome.REFUSED, e.toString());
            }
            throw e;
        }
        boolean replaces = former != null && !back;
        state.life().formerBundle = replaces ? former.bundle() : 0;
        retiring = new CountDownLatch(replaces ? 1 : 0);
        rescuer = replaces || back ? null : rescue;
        rescue = null;
        probationUntil = replaces || rescuer != null ? System.nanoTime() + PROBATION : Long.MIN_VALUE;
        if (!formerName.isEmpty()) {
            report(next, back ? SwapReport.Outcome.ROLLED_BACK : SwapReport.Outcome.DONE, bug);
        }
        bug = "";
    }

    /** It is to go because of a bug: that may show once more. */
    private void stopBad(KernelCode bad) {
        try {
            stop(bad);
        } catch (RuntimeException | Error e) {
            bug += "; nor does it stop: " + e;
        }
    }

    private void rehearse(KernelCode next) throws StateRejected {
        KernelCode former = slot.code();
        stop(former);
        SwapReport.Outcome outcome = SwapReport.Outcome.REFUSED;
        String why = "";
        try {
            state.check();
            slot.use(next);
            next.adopt();
            next.release();
            state.check();
            outcome = SwapReport.Outcome.REHEARSED;
        } catch (StateRejected | RuntimeException | Error e) {
            why = e.toString();
            throw e;
        } finally {
            slot.use(former);
            former.adopt();
            report(next, outcome, why);
        }
    }

    void rehearse(boolean only) {
        rehearsing = only;
    }

    private void stop(KernelCode former) {
        formerName = former.name();
        stoppedSince = System.nanoTime();
        waiting = blocked();
        former.release();
    }

    /** A loop: the guest waits, and a stream of code that runs so seldom is interpreted, which takes ten times as long. */
    private int blocked() {
        int count = 0;
        for (Task task : state.processes().tasks()) {
            if (task.state == Task.State.BLOCKED) {
                count++;
            }
        }
        return count;
    }

    private void report(KernelCode next, SwapReport.Outcome outcome, String why) {
        int carried = state.processes().tasks().size();
        long pause = System.nanoTime() - stoppedSince;
        int restarted = Math.max(0, waiting - blocked());
        int number = state.reports().next();
        state.reports()
                .add(new SwapReport(
                        number,
                        slot.realtime(),
                        "kern",
                        formerName,
                        next.name(),
                        pause,
                        carried,
                        restarted,
                        0,
                        outcome,
                        why));
    }

    // --- new code is on probation -----------------------------------------------------------------------------------

    void wayBack(LongConsumer restart) {
        wayBack = restart;
    }

    void rescue(Runnable former) {
        rescue = former;
    }

    void retired() {
        retiring.countDown();
    }

    void replaceBecause(String why) {
        lock.visit();
        try {
            bug = why;
        } finally {
            lock.leave();
        }
    }

    /** See {@link KernelSlot#onProbation}. The lock is held. */
    boolean onProbation(KernelCode now) {
        return slot.inUse() == now
                && (state.life().formerBundle != 0 || rescuer != null)
                && probationUntil != Long.MIN_VALUE
                && System.nanoTime() - probationUntil < 0;
    }

    /** See {@link KernelSlot#failed}. The lock is held. */
    void failed(KernelCode bad, String why) {
        if (!onProbation(bad) || !bug.isEmpty()) {
            return;
        }
        bug = why.isEmpty() ? "a bug" : why;
        long bundle = state.life().formerBundle;
        Runnable way = rescuer == null ? () -> wayBack.accept(bundle) : rescuer;
        Thread.ofPlatform().name("kernel probation").daemon().start(() -> goBack(way));
    }

    private void goBack(Runnable way) {
        String problem = "";
        try {
            if (!retiring.await(RETIRING, TimeUnit.SECONDS)) {
                problem = "; the code before does not stop";
            }
            way.run();
        } catch (InterruptedException | RuntimeException e) {
            problem = "; " + e.getMessage();
        }
        lock.visit();
        try {
            if (!bug.isEmpty()) {
                slot.complete(new End(
                        End.Kind.PANIC, 255, "the kernel has failed, and there is no way back: " + bug + problem));
            }
        } finally {
            lock.leave();
        }
    }

    /** For the sentry: whether new code is still to be watched by it. Any thread. */
    boolean watched(Sentry by, KernelCode now) {
        long until = probationUntil;
        boolean probation = until != Long.MIN_VALUE && System.nanoTime() - until < 0;
        return sentry == by && !slot.hasEnded() && (slot.inUse() != now || probation);
    }

    /** For the sentry: the code keeps the lock, and nothing can end that. */
    void lost(String why) {
        lock.abandon();
        slot.complete(new End(End.Kind.PANIC, 255, why));
    }

    /**
     * For the sentry: a number that grows while code runs tasks; -1 when none of them could be run now, or the lock is
     * not to be had.
     */
    long progress(KernelCode now) {
        if (!lock.tryVisit()) {
            return -1;
        }
        try {
            boolean could = slot.inUse() == now
                    && now.missing().isEmpty()
                    && state.life().ending == null
                    && state.processes().tasks().stream().anyMatch(task -> task.state == Task.State.RUNNABLE);
            return could ? state.stats().traps + state.stats().contextSwitches : -1;
        } finally {
            lock.leave();
        }
    }

    /** For the sentry: as {@link #failed}, from outside. */
    void failedFromOutside(KernelCode bad, String why) {
        if (lock.tryVisit()) {
            try {
                failed(bad, why);
            } finally {
                lock.leave();
            }
        }
    }
}
