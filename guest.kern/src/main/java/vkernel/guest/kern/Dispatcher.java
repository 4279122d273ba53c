package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.Errno;
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

    private final ProcessTable processes;
    private final Harts harts;
    private final Map<String, SchedPolicy> policies = new TreeMap<>();
    private final KernelState.Life life;
    private @Nullable SchedPolicy policy;
    /** A task that was woken between its handler's waitOn and the handler's end: it must not sleep. */
    private @Nullable Task wokenInHandler;

    Dispatcher(ProcessTable processes, Harts harts, KernelState.Life life) {
        this.processes = processes;
        this.harts = harts;
        this.life = life;
    }

    @Nullable
    SchedPolicy policy() {
        return policy;
    }

    /** The policy that the kernel is to start with. */
    String wanted() {
        return life.wantedSched;
    }

    List<String> policies() {
        return List.copyOf(policies.keySet());
    }

    void add(SchedPolicy added) {
        SchedPolicy former = policies.put(added.name(), added);
        if (policy == null || policy == former || added.name().equals(life.wantedSched)) {
            take(added);
        }
    }

    void remove(SchedPolicy gone) {
        policies.remove(gone.name(), gone);
        if (policy == gone) {
            take(policies.isEmpty() ? null : policies.values().iterator().next());
        }
    }

    /** @return 0 or -ENOENT */
    int switchTo(String name) {
        SchedPolicy next = policies.get(name);
        if (next == null) {
            return -Errno.ENOENT;
        }
        life.wantedSched = name;
        if (next != policy) {
            take(next);
        }
        return 0;
    }

    private void take(@Nullable SchedPolicy next) {
        SchedPolicy old = policy;
        List<Task> waiting = new ArrayList<>();
        for (Task task : processes.tasks()) {
            if (task.state == Task.State.RUNNABLE) {
                if (old != null) {
                    old.remove(task);
                }
                waiting.add(task);
            }
        }
        policy = next;
        if (next != null) {
            waiting.forEach(task -> next.enqueue(task, false));
            harts.wakeAll();
        }
        LOG.info(
                "scheduler: {} -> {}, {} runnable tasks moved",
                old == null ? "none" : old.name(),
                next == null ? "none" : next.name(),
                waiting.size());
    }

    /** The next task for a hart, RUNNING from now on; null when there is none. */
    @Nullable
    Task next(int hart) {
        SchedPolicy now = policy;
        Task task = now == null ? null : now.next(hart);
        if (task != null) {
            task.state = Task.State.RUNNING;
        }
        return task;
    }

    /** A task that was blocked, stopped or new may run. */
    void makeRunnable(Task task, boolean woken) {
        task.stopWaiting();
        if (task.sleepTimer != null) {
            task.sleepTimer.arm(Long.MAX_VALUE);
        }
        task.state = Task.State.RUNNABLE;
        SchedPolicy now = policy;
        if (now != null) {
            now.enqueue(task, woken);
            harts.tellOf(task, now);
        }
    }

    /** A task leaves its hart but may run on: there, or elsewhere if it has been told to keep away from there. */
    void putBack(Task task, int hart) {
        task.state = Task.State.RUNNABLE;
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
