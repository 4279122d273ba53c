package vkernel.guest.linux.proc;

import static vkernel.guest.linux.table.Handler.of;
import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import java.util.List;
import java.util.function.Predicate;
import vkernel.guest.linux.table.Table;
import vkernel.kern.Kernel;
import vkernel.task.Limits;
import vkernel.task.Task;

/** getpriority(2), setpriority(2). The raw call gives 20 - nice, so that no priority looks like an error. */
public final class PriorityCalls {
    private static final int PRIO_PROCESS = 0;
    private static final int PRIO_PGRP = 1;
    private static final int PRIO_USER = 2;

    private final Kernel kernel;

    public PriorityCalls(Kernel kernel) {
        this.kernel = kernel;
    }

    public void table(Table table) {
        table.full("getpriority", of(this::get));
        table.full("setpriority", of(this::set));
    }

    private long get(Task task, long which, long who) {
        if (which < PRIO_PROCESS || which > PRIO_USER) {
            return -EINVAL;
        }
        return members(task, (int) which, (int) who).stream()
                .mapToLong(t -> 20 - t.nice)
                .max()
                .orElse(-ESRCH);
    }

    private long set(Task task, long which, long who, long priority) {
        if (which < PRIO_PROCESS || which > PRIO_USER) {
            return -EINVAL;
        }
        int nice = Math.clamp((int) priority, -20, 19);
        long result = -ESRCH;
        for (Task of : members(task, (int) which, (int) who)) {
            long bad = allowed(task, of, nice);
            if (bad == 0) {
                kernel.renice(of, nice);
            }
            result = bad == 0 && result == -ESRCH ? 0 : bad == 0 ? result : bad;
        }
        return result;
    }

    private static long allowed(Task task, Task of, int nice) {
        if (!Permission.schedule(task, of)) {
            return -EPERM;
        }
        long least = 20 - task.process.softLimits[Limits.NICE];
        return nice < of.nice && nice < least && !task.credentials.privileged() ? -EACCES : 0;
    }

    private List<Task> members(Task task, int which, int who) {
        int id = who != 0
                ? who
                : switch (which) {
                    case PRIO_PROCESS -> task.tid;
                    case PRIO_PGRP -> task.process.pgid;
                    default -> task.credentials.uid();
                };
        Predicate<Task> member =
                switch (which) {
                    case PRIO_PROCESS -> t -> t.tid == id;
                    case PRIO_PGRP -> t -> t.process.pgid == id;
                    default -> t -> t.credentials.uid() == id;
                };
        return kernel.processes().tasks().stream().filter(member).toList();
    }
}
