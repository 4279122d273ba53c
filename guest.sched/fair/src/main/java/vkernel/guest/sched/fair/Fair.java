package vkernel.guest.sched.fair;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/**
 * Runs the task with the least virtual run time; running costs a task time divided by its weight. A task that has
 * slept comes back a little ahead of the others, but not with all the time that it slept.
 */
@Component(property = "policy=fair")
@Capability(namespace = "vkernel.subsystem", name = "sched", attribute = "policy=fair")
public final class Fair implements SchedPolicy {
    /** In this time every runnable task is to run once; nanoseconds. */
    private static final long LATENCY = 12_000_000;
    /** Shortest quantum, and how far behind a running task must be to be preempted; nanoseconds. */
    private static final long GRANULARITY = 1_500_000;

    /** Soft: the runnable tasks by virtual run time. */
    private final RunQueue queue = new RunQueue();

    /** Soft: no task in the queue is behind this, but those just enqueued; virtual nanoseconds. */
    private long floor;

    /** Sum of the weights in the queue. */
    private long weight;

    @Override
    public String name() {
        return "fair";
    }

    @Override
    public void enqueue(Task task, boolean woken) {
        long least = woken ? floor - LATENCY / 2 : floor;
        task.vruntime = Math.max(task.vruntime, least);
        queue.add(task);
        weight += Weights.of(task.nice);
    }

    @Override
    public boolean remove(Task task) {
        if (!queue.remove(task)) {
            return false;
        }
        weight -= Weights.of(task.nice);
        return true;
    }

    @Override
    public @Nullable Task next(int hart) {
        Task task = queue.take(hart);
        if (task != null) {
            floor = Math.max(floor, task.vruntime);
            weight -= Weights.of(task.nice);
        }
        return task;
    }

    @Override
    public int runnable() {
        return queue.size();
    }

    @Override
    public long quantum(Task task) {
        long own = Weights.of(task.nice);
        return Math.max(GRANULARITY, LATENCY * own / (weight + own));
    }

    @Override
    public void ran(Task task, long nanos) {
        task.vruntime += nanos * Weights.NICE_0 / Weights.of(task.nice);
    }

    @Override
    public boolean preempts(Task woken, Task running) {
        return woken.vruntime + GRANULARITY < running.vruntime;
    }
}
