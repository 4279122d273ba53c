package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.List;
import vkernel.host.Host;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/** All harts: whom to tell of work. Guarded by the kernel lock unless said. */
final class Harts {
    private final List<HartLoop> loops = new ArrayList<>();
    private final Host host;
    private int turn;

    Harts(Host host) {
        this.host = host;
    }

    void add(HartLoop loop) {
        loops.add(loop);
    }

    List<HartLoop> loops() {
        return loops;
    }

    /** Some hart is to look at interrupts soon. Any thread. */
    void kick() {
        for (HartLoop loop : loops) {
            if (loop.idle()) {
                host.clock().wake(loop.id());
                return;
            }
        }
        // every hart is busy: one in user code must come out; which one does not matter
        int hart = Math.floorMod(turn++, Math.max(1, loops.size()));
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
