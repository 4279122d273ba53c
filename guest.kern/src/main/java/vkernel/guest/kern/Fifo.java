package vkernel.guest.kern;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/** First come, first served, with a quantum: what the kernel makes do with while nobody provides a policy that works. */
final class Fifo implements SchedPolicy {
    private static final long QUANTUM = 10_000_000;

    /** Soft: the runnable tasks. */
    private final Deque<Task> queue = new ArrayDeque<>();

    @Override
    public String name() {
        return "fifo";
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
        for (Iterator<Task> tasks = queue.iterator(); tasks.hasNext(); ) {
            Task task = tasks.next();
            if ((task.affinity >>> hart & 1) != 0) {
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
        // nobody is preferred
    }

    @Override
    public boolean preempts(Task woken, Task running) {
        return false;
    }
}
