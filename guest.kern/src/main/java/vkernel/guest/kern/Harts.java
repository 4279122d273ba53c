package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import vkernel.host.HostSlot;
import vkernel.host.ThreadBody;
import vkernel.kern.KernelLock;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/** All harts: their threads, and whom to tell of work. Guarded by the kernel lock unless said. */
final class Harts {
    /** Harts call deep into file systems and, later, compiled guest code. */
    private static final long STACK = 64L << 20;
    /** How often a hart's coming out is looked for before the processor is given away. */
    private static final int SPINS = 1000;
    /** Then for so long, nanoseconds. */
    private static final long PAUSE = 20_000;
    /** How long harts are waited for when the kernel is given up, nanoseconds. */
    private static final long PATIENCE = 500_000;

    private final HostSlot host;
    private final KernelLock lock;

    private volatile List<HartLoop> loops = List.of(); // written under the lock
    private volatile Set<Thread> threads = Set.of(); // the same
    private int turn;

    Harts(HostSlot host, KernelLock lock) {
        this.host = host;
        this.lock = lock;
    }

    List<HartLoop> loops() {
        return loops;
    }

    // --- threads ----------------------------------------------------------------------------------------------------

    /** Starts a thread for each hart; they come to life when the lock is given away. */
    void start(IntFunction<HartLoop> maker) {
        List<HartLoop> all = new ArrayList<>();
        for (int id = 0; id < host.config().harts(); id++) {
            all.add(maker.apply(id));
        }
        loops = List.copyOf(all);
        List<Thread> started = new ArrayList<>();
        for (HartLoop loop : all) {
            started.add(ThreadBody.daemon("hart" + loop.id(), STACK, loop));
        }
        started.forEach(Thread::start);
        threads = Set.copyOf(started);
    }

    /** Whether a thread is a hart's. Any thread. */
    boolean has(Thread thread) {
        return threads.contains(thread);
    }

    boolean none() {
        return loops.isEmpty();
    }

    /**
     * Takes the tasks of all harts, which were told to end. One that is out of user code waits for the lock, and is sent
     * away meanwhile: the successor need not wait for its thread. One that does not come out keeps its task until it does
     * ({@link vkernel.kern.Stragglers}). Not on a hart.
     */
    void stop() {
        wakeAll();
        lock.news();
        comeOut(System.nanoTime() + PATIENCE);
        for (HartLoop loop : loops) {
            loop.dismiss();
        }
        loops = List.of();
    }

    /** Waits until the threads of harts that were stopped have ended. Without the lock. */
    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Brings every hart out of user code and idling; they wait for the lock then. Not on a hart. */
    void bringOut() {
        wakeAll();
        comeOut(Long.MAX_VALUE);
    }

    /** @param until by {@link System#nanoTime}; {@code Long.MAX_VALUE} for ever */
    private void comeOut(long until) {
        for (HartLoop loop : loops) {
            for (int spins = 0; loop.inside(); spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else if (until == Long.MAX_VALUE || System.nanoTime() - until < 0) {
                    LockSupport.parkNanos(PAUSE); // it may be this processor that it waits for
                } else {
                    return;
                }
            }
        }
    }

    // --- news -------------------------------------------------------------------------------------------------------

    /** Some hart is to look at interrupts soon. Any thread. */
    void kick() {
        List<HartLoop> all = loops;
        for (HartLoop loop : all) {
            if (loop.idle()) {
                host.clock().wake(loop.id());
                return;
            }
        }
        if (all.isEmpty()) {
            return; // who starts looks for interrupts first
        }
        // every hart is busy: one in user code must come out; which one does not matter
        int hart = Math.floorMod(turn++, all.size());
        host.hart(hart).interrupt();
        host.clock().wake(hart);
    }

    /** A task has become runnable: an idle hart takes it, or one that runs a lesser task. */
    void tellOf(Task task, SchedPolicy policy) {
        for (HartLoop loop : loops) {
            if (loop.idle() && (task.affinity >>> loop.id() & 1) != 0) {
                host.clock().wake(loop.id());
                return;
            }
        }
        for (HartLoop loop : loops) {
            Task running = loop.task();
            if (running != null && (task.affinity >>> loop.id() & 1) != 0 && policy.preempts(task, running)) {
                loop.reschedule();
                return;
            }
        }
    }

    /**
     * A hart has taken a task and left others: an idle one takes the next. Tasks that became runnable at the same time
     * were all told to the same hart, as it stays idle until it has the lock.
     */
    void tellOfMore() {
        for (HartLoop loop : loops) {
            if (loop.idle()) {
                host.clock().wake(loop.id());
                return;
            }
        }
    }

    /** The hart that runs a task comes out of user code, so that it sees what has changed for it. */
    void interrupt(Task task) {
        for (HartLoop loop : loops) {
            if (loop.task() == task) {
                host.hart(loop.id()).interrupt();
            }
        }
    }

    void wakeAll() {
        for (HartLoop loop : loops) {
            host.hart(loop.id()).interrupt();
            host.clock().wake(loop.id());
        }
    }
}
