package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.KernelState;
import vkernel.sched.SchedPolicy;
import vkernel.task.ProcessTable;
import vkernel.task.Task;
import vkernel.task.WaitQueue;

/**
 * Between the kernel and the scheduler policy (Linux: kernel/sched/core.c): makes tasks runnable, picks the hart to
 * tell, and moves all tasks when the policy is replaced. Guarded by the kernel lock.
 *
 * <p>A task is RUNNABLE exactly when it is in the policy's hands, or waits for there to be a policy.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final EventKernel kernel;
    private final ProcessTable processes;
    private final Harts harts;
    private final Starving starving;
    private final BiConsumer<Supervised, Throwable> failed = this::failed;
    private final KernelState.Life life;
    private @Nullable Supervised policy;
    /** Tasks that are RUNNABLE. */
    private int runnable;
    /** Blocked calls that were woken, since the beginning. */
    private int restarted;
    /** A task that was woken between its handler's waitOn and the handler's end: it must not sleep. */
    private @Nullable Task wokenInHandler;

    Dispatcher(EventKernel kernel) {
        this.kernel = kernel;
        processes = kernel.processes;
        harts = kernel.harts;
        life = kernel.state.life();
        starving = new Starving(processes, bug -> kernel.vacancies.schedFailed(bug));
    }

    @Nullable
    SchedPolicy policy() {
        return policy;
    }

    /** The policy that the kernel is to start with, or that was asked for since. */
    String wanted() {
        return life.wantedSched;
    }

    void want(String name) {
        life.wantedSched = name;
    }

    /**
     * Hands all runnable tasks to another policy, or to none. A policy that has lost its head is not asked for its tasks:
     * who is RUNNABLE is known without it.
     *
     * @return why it does not take them; null when it has
     */
    @Nullable
    String hand(@Nullable SchedPolicy next) {
        Supervised old = policy;
        policy = null;
        List<Task> waiting = new ArrayList<>();
        for (Task task : processes.tasks()) {
            if (task.state == Task.State.RUNNABLE) {
                waiting.add(task);
            }
        }
        runnable = waiting.size();
        if (old != null) {
            takeAll(old.policy(), waiting);
        }
        for (Task task : waiting) {
            task.nextRunnable = null;
        }
        if (next == null) {
            return null;
        }
        try {
            for (Task task : waiting) {
                next.enqueue(task, false);
            }
            int has = next.runnable();
            if (has != waiting.size()) {
                return "it got " + waiting.size() + " tasks and has " + has;
            }
        } catch (RuntimeException | Error e) {
            kernel.containment.caught();
            return "it does not take the tasks: " + Flip.words(e);
        }
        policy = new Supervised(next, failed);
        harts.wakeAll();
        return null;
    }

    /** One that is not in use any more may still be under way further up the stack: it is not to blame its successor. */
    private void failed(Supervised who, Throwable bug) {
        kernel.containment.caught();
        if (who == policy) {
            kernel.vacancies.schedFailed(bug);
        }
    }

    private void takeAll(SchedPolicy old, List<Task> waiting) {
        try {
            for (Task task : waiting) {
                old.remove(task);
            }
        } catch (RuntimeException | Error e) {
            kernel.containment.caught();
            LOG.debug("{} does not give its tasks back", old.getClass().getName(), e);
        }
    }

    /** The next task for a hart, RUNNING from now on; null when there is none. */
    @Nullable
    Task next(int hart) {
        SchedPolicy now = policy;
        Task task = now == null ? null : now.next(hart);
        if (task == null && policy != now && policy != null) {
            task = policy.next(hart); // it failed at that, and another one has taken its place
        }
        if (task != null) {
            task.state = Task.State.RUNNING;
            runnable--;
        }
        return task;
    }

    /**
     * A hart finds nothing to do. When there are runnable tasks that it might run, the policy has until some time to come
     * up with them.
     *
     * @return when to look again; {@code Long.MAX_VALUE} for never
     */
    long idle(int hart, long now) {
        return runnable == 0 || policy == null ? Long.MAX_VALUE : starving.look(hart, now);
    }

    /** A task that was blocked, stopped or new may run. */
    void makeRunnable(Task task, boolean woken) {
        task.stopWaiting();
        if (task.sleepTimer != null) {
            task.sleepTimer.arm(Long.MAX_VALUE);
        }
        task.state = Task.State.RUNNABLE;
        runnable++;
        restarted += woken ? 1 : 0;
        SchedPolicy now = policy;
        if (now != null) {
            now.enqueue(task, woken);
            harts.tellOf(task, now);
        }
    }

    /** A task leaves its hart but may run on: there, or elsewhere if it has been told to keep away from there. */
    void putBack(Task task, int hart) {
        task.state = Task.State.RUNNABLE;
        runnable++;
        SchedPolicy now = policy;
        if (now != null) {
            now.enqueue(task, false);
            if ((task.affinity >>> hart & 1) == 0) {
                harts.tellOf(task, now);
            }
        }
    }

    void wake(Task task) {
        if (task.state == Task.State.BLOCKED) {
            makeRunnable(task, true);
        }
    }

    int wake(WaitQueue queue, int count) {
        queue.wakes++;
        int woken = 0;
        for (Task task = queue.first(); task != null && woken < count; task = queue.first()) {
            if (task.state == Task.State.BLOCKED) {
                makeRunnable(task, true);
                woken++;
            } else {
                task.stopWaiting();
                wokenInHandler = task;
            }
        }
        return woken;
    }

    /** How many blocked calls have been woken to be made again. */
    int restarted() {
        return restarted;
    }

    /** Whether news came for a task while its handler was still at work; asked once, before it sleeps. */
    boolean wokenInHandler(Task task) {
        boolean woken = wokenInHandler == task;
        wokenInHandler = null;
        return woken;
    }

    /** Changes a task's weight: a policy may keep runnable tasks sorted by it. */
    void renice(Task task, int nice) {
        SchedPolicy now = policy;
        boolean queued = task.state == Task.State.RUNNABLE && now != null && now.remove(task);
        task.nice = nice;
        if (queued && now != null) {
            now.enqueue(task, false);
        }
    }
}
