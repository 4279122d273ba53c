package vkernel.guest.kern;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vkernel.task.ProcessTable;
import vkernel.task.Task;

/**
 * Finds a policy that loses tasks: a hart is idle, a task is RUNNABLE and may run there, and it does not. Each hart looks
 * when it goes idle while there are runnable tasks, which is rare. Guarded by the kernel lock.
 */
final class Starving {
    /** How long a task may be kept waiting by an idle hart, nanoseconds. */
    static final long LIMIT = 1_000_000_000L;

    private static final int HARTS = 64;

    private static final class Watch {
        @Nullable
        Task task;

        long ranLast;
        long since;
    }

    private final ProcessTable processes;
    private final Consumer<Throwable> failed;
    private final Watch[] watches = new Watch[HARTS];

    Starving(ProcessTable processes, Consumer<Throwable> failed) {
        this.processes = processes;
        this.failed = failed;
    }

    /** @return when to look again; {@code Long.MAX_VALUE} for never */
    long look(int hart, long now) {
        Watch watch = watches[hart];
        if (watch == null) {
            watch = watches[hart] = new Watch();
        }
        Task task = watch.task;
        boolean same = task != null
                && task.state == Task.State.RUNNABLE
                && task.runningSince == watch.ranLast
                && (task.affinity >>> hart & 1) != 0;
        if (!same) {
            task = waiting(hart);
            watch.task = task;
            watch.since = now;
            watch.ranLast = task == null ? 0 : task.runningSince;
        }
        if (task == null) {
            return Long.MAX_VALUE;
        }
        if (now - watch.since < LIMIT) {
            return watch.since + LIMIT;
        }
        watch.task = null;
        failed.accept(new IllegalStateException("it has lost " + task + ": runnable for "
                + (now - watch.since) / 1_000_000 + " ms, and hart " + hart + " is idle"));
        return now;
    }

    private @Nullable Task waiting(int hart) {
        for (Task task : processes.tasks()) {
            if (task.state == Task.State.RUNNABLE && (task.affinity >>> hart & 1) != 0) {
                return task;
            }
        }
        return null;
    }
}
