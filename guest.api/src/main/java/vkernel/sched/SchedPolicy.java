package vkernel.sched;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import vkernel.task.Task;

/**
 * Who runs next. A provider is an OSGi service with the property {@code policy}, its name. It keeps the runnable tasks
 * and nothing else: that state is soft, and when another policy takes over, each task is enqueued there.
 *
 * <p>Called with the kernel lock held; never waits. A task in the policy's hands is RUNNABLE; one on a hart is not.
 */
@ConsumerType
public interface SchedPolicy {
    /** {@code rr}, {@code fair}, …: the value of the property {@code policy}. */
    String name();

    /** Takes a task that may run. @param woken whether it has waited; false when its quantum was used up or it is new */
    void enqueue(Task task, boolean woken);

    /** Gives a task back that is in its hands. @return false when it is not */
    boolean remove(Task task);

    /** Chooses a task for a hart, out of its hands; null when no task may run there. Minds {@link Task#affinity}. */
    @Nullable
    Task next(int hart);

    /** Tasks in its hands. */
    int runnable();

    /** How long a task may run, nanoseconds, before {@link #next} is asked again. */
    long quantum(Task task);

    /** Notes that a task has run. */
    void ran(Task task, long nanos);

    /** Whether a task just enqueued is to run before the one on a hart has used up its quantum. */
    boolean preempts(Task woken, Task running);
}
