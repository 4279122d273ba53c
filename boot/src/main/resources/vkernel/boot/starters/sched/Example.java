package example;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/**
 * Draws lots. A task holds 20 tickets, less its nice value, so nice 19 runs a twentieth as often as nice 0.
 *
 * <p>{@code @Component} makes it a service, which the kernel finds; {@code @Capability} lets a kernel be composed with
 * it. Nothing else is needed.
 */
@Component(property = "policy=example")
@Capability(namespace = "vkernel.subsystem", name = "sched", attribute = "policy=example")
public final class Example implements SchedPolicy {
    /** How long the winner runs, nanoseconds. Shorter: programs answer sooner. Longer: they compute more. */
    private static final long QUANTUM = 5_000_000;

    /** Always the same luck, so that a run in virtual time can be repeated. */
    private final Random lots = new Random(1);

    /** The tasks that could run now. One that runs, sleeps or waits is in nobody's hands. */
    private final List<Task> tasks = new ArrayList<>();

    /** What {@code sched:list} shows and {@code sched:switch} takes. */
    @Override
    public String name() {
        return "example";
    }

    /** A task may run: it has waited for something (woken), is new, or has used up its quantum. */
    @Override
    public void enqueue(Task task, boolean woken) {
        tasks.add(task);
    }

    /** The kernel wants a task back, because it ends or another policy takes over. */
    @Override
    public boolean remove(Task task) {
        return tasks.remove(task);
    }

    /** A hart (CPU) asks whom it is to run; null if nobody may. This is where a policy is made. */
    @Override
    public @Nullable Task next(int hart) {
        int sold = 0;
        for (Task task : tasks) {
            sold += tickets(task, hart);
        }
        if (sold == 0) {
            return null;
        }
        int winner = lots.nextInt(sold);
        for (Task task : tasks) {
            winner -= tickets(task, hart);
            if (winner < 0) {
                tasks.remove(task);
                return task;
            }
        }
        throw new IllegalStateException("nobody holds the winning ticket");
    }

    /** None if the task keeps away from this hart (sched_setaffinity). */
    private static int tickets(Task task, int hart) {
        boolean mayRun = (task.affinity >>> hart & 1) != 0;
        return mayRun ? 20 - task.nice : 0;
    }

    @Override
    public int runnable() {
        return tasks.size();
    }

    @Override
    public long quantum(Task task) {
        return QUANTUM;
    }

    /** A task has run so many nanoseconds. A fair policy would remember; a lottery does not. */
    @Override
    public void ran(Task task, long nanos) {}

    /** Whether a task that has just been woken runs at once, instead of the one on a hart. */
    @Override
    public boolean preempts(Task woken, Task running) {
        return false;
    }
}
