package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;

/** Process ids, groups and sessions. */
public final class GroupCalls implements CallGroup {
    private final Kernel kernel;

    public GroupCalls(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.GETPID, Nr.GETTID, Nr.GETPPID, Nr.GETPGID, Nr.SETPGID, Nr.GETSID, Nr.SETSID);
        table.looking(Nr.GETPID, Nr.GETTID, Nr.GETPPID);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.GETPID -> task.process.pid;
            case Nr.GETTID -> task.tid;
            case Nr.GETPPID -> getppid(task);
            case Nr.GETPGID -> getpgid(task, a0);
            case Nr.SETPGID -> setpgid(task, a0, a1);
            case Nr.GETSID -> getsid(task, a0);
            case Nr.SETSID -> setsid(task);
            default -> throw Table.unclaimed(call);
        };
    }

    private static long getppid(Task task) {
        Process parent = task.process.parent;
        return parent == null ? 0 : parent.pid;
    }

    private @Nullable Process find(Task task, int pid) {
        return pid == 0 ? task.process : kernel.processes().process(pid);
    }

    private long getpgid(Task task, long pid) {
        @Nullable Process process = find(task, (int) pid);
        return process == null ? -ESRCH : process.pgid;
    }

    private long getsid(Task task, long pid) {
        @Nullable Process process = find(task, (int) pid);
        return process == null ? -ESRCH : process.session.sid;
    }

    private long setpgid(Task task, long pid, long group) {
        int pgid = (int) group;
        if (pgid < 0) {
            return -EINVAL;
        }
        @Nullable Process process = find(task, (int) pid);
        if (process == null) {
            return kernel.processes().task((int) pid) != null ? -EINVAL : -ESRCH;
        }
        long bad = movable(task, process);
        if (bad != 0) {
            return bad;
        }
        int to = pgid == 0 ? process.pid : pgid;
        if (to != process.pid && !groupInSession(task, to)) {
            return -EPERM;
        }
        if (to != process.pgid) {
            kernel.moveToGroup(process, to);
        }
        return 0;
    }

    private static long movable(Task task, Process process) {
        if (process != task.process) {
            if (process.parent != task.process) {
                return -ESRCH;
            }
            if (process.session != task.process.session) {
                return -EPERM;
            }
            if (process.execed) {
                return -EACCES;
            }
        }
        return process.session.sid == process.pid ? -EPERM : 0;
    }

    private boolean groupInSession(Task task, int pgid) {
        return kernel.processes().group(pgid).stream().anyMatch(p -> p.session == task.process.session);
    }

    private long setsid(Task task) {
        Process process = task.process;
        if (!kernel.processes().group(process.pid).isEmpty()) {
            return -EPERM;
        }
        kernel.newSession(process);
        return process.pid;
    }
}
