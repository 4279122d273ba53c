package vkernel.guest.sched.rr;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/** One queue for all harts; each task runs for a fixed quantum and goes to the end. Nice values do not matter. */
@Component(property = "policy=rr")
@Capability(namespace = "vkernel.subsystem", name = "sched", attribute = "policy=rr")
public final class RoundRobin implements SchedPolicy {
    /** Nanoseconds. */
    private static final long QUANTUM = 10_000_000;

    /** Soft: the runnable tasks. */
    private final ArrayDeque<Task> queue = new ArrayDeque<>();

    @Override
    public String name() {
        return "rr";
    }

    @Override
    public void enqueue(Task task, boolean woken) {
        queue.addLast(task);
    }

    @Override
    public boolean remove(Task task) {
        return queue.remove(task);
    }

    @Override
    public @Nullable Task next(int hart) {
        Task first = queue.peekFirst();
        if (first == null || allowed(first, hart)) {
            return queue.pollFirst();
        }
        for (Iterator<Task> tasks = queue.iterator(); tasks.hasNext(); ) {
            Task task = tasks.next();
            if (allowed(task, hart)) {
                tasks.remove();
                return task;
            }
        }
        return null;
    }

    @Override
    public int runnable() {
        return queue.size();
    }

    @Override
    public long quantum(Task task) {
        return QUANTUM;
    }

    @Override
    public void ran(Task task, long nanos) {
        // every task has the same share, whatever it used
    }

    @Override
    public boolean preempts(Task woken, Task running) {
        return false;
    }

    private static boolean allowed(Task task, int hart) {
        return (task.affinity >>> hart & 1) != 0;
    }
}
