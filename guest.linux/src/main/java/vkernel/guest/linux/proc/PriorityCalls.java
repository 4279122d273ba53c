package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import java.util.List;
import java.util.function.Predicate;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Task;

/** getpriority(2), setpriority(2), ioprio_set(2). The raw call gives 20 - nice: no priority looks like an error. */
public final class PriorityCalls implements CallGroup {
    private static final int PRIO_PROCESS = 0;
    private static final int PRIO_PGRP = 1;
    private static final int PRIO_USER = 2;
    private static final int IO_CLASS_SHIFT = 13;
    private static final int IO_REAL_TIME = 1;
    private static final int IO_IDLE = 3;

    private final Kernel kernel;

    public PriorityCalls(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.GETPRIORITY, Nr.SETPRIORITY);
        table.partial(this, Nr.IOPRIO_GET, "kept, but no disk has a queue");
        table.partial(this, Nr.IOPRIO_SET, "kept, but no disk has a queue");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.IOPRIO_GET -> ioGet(task, a0, a1);
            case Nr.IOPRIO_SET -> ioSet(task, a0, a1, a2);
            case Nr.GETPRIORITY -> get(task, a0, a1);
            case Nr.SETPRIORITY -> set(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
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
        return nice < of.nice && nice < least && !task.credentials.can(Credentials.CAP_SYS_NICE) ? -EACCES : 0;
    }

    /** Numbers of ioprio_set(2) begin with 1. For several tasks the best priority counts, the lowest number. */
    private long ioGet(Task task, long which, long who) {
        if ((int) which < 1 || (int) which > PRIO_USER + 1) {
            return -EINVAL;
        }
        return members(task, (int) which - 1, (int) who).stream()
                .mapToLong(t -> t.ioPriority)
                .min()
                .orElse(-ESRCH);
    }

    private long ioSet(Task task, long which, long who, long priority) {
        int kind = (int) priority >> IO_CLASS_SHIFT;
        int level = (int) priority & (1 << IO_CLASS_SHIFT) - 1;
        boolean valid = kind >= 0 && kind <= IO_IDLE && (level & 7) == level && (kind != 0 || level == 0);
        if ((int) which < 1 || (int) which > PRIO_USER + 1 || !valid) {
            return -EINVAL;
        }
        if (kind == IO_REAL_TIME && !task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        List<Task> members = members(task, (int) which - 1, (int) who);
        if (members.stream().anyMatch(of -> !Permission.schedule(task, of))) {
            return -EPERM;
        }
        members.forEach(of -> of.ioPriority = (int) priority);
        return members.isEmpty() ? -ESRCH : 0;
    }

    private List<Task> members(Task task, int which, int who) {
        int id = who != 0
                ? who
                : switch (which) {
                    case PRIO_PROCESS -> task.tid;
                    case PRIO_PGRP -> task.process.pgid;
                    default -> task.credentials.uid();
                };
        Predicate<Task> member = switch (which) {
            case PRIO_PROCESS -> t -> t.tid == id;
            case PRIO_PGRP -> t -> t.process.pgid == id;
            default -> t -> t.credentials.uid() == id;
        };
        return kernel.processes().tasks().stream().filter(member).toList();
    }
}
