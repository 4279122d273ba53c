package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EINTR;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.ipc.Ipc;
import vkernel.guest.linux.poll.PidFds;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;

/** What processes share: kcmp(2), pidfd_getfd(2). */
public final class KcmpCalls implements CallGroup {
    private static final int FILE = 0, VM = 1, FILES = 2, FS = 3, SIGHAND = 4, IO = 5, SYSVSEM = 6;
    /** Neither the same nor ordered. */
    private static final long DIFFERENT = 3;

    private final Kernel kernel;
    private final PidFds pidFds;
    private final Ipc ipc;

    public KcmpCalls(Kernel kernel, PidFds pidFds, Ipc ipc) {
        this.ipc = ipc;
        this.kernel = kernel;
        this.pidFds = pidFds;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.PIDFD_GETFD, Nr.RESTART_SYSCALL);
        table.partial(this, Nr.KCMP, "what differs has no order: 3; no KCMP_EPOLL_TFD");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.KCMP -> kcmp(task, a0, a1, a2, a3, a4);
            case Nr.PIDFD_GETFD -> getfd(task, a0, a1, a2);
            // what a call with nothing to go on with answers; here calls go on by themselves
            case Nr.RESTART_SYSCALL -> -EINTR;
            default -> throw Table.unclaimed(call);
        };
    }

    private long kcmp(Task task, long pid1, long pid2, long type, long index1, long index2) {
        Task one = kernel.processes().task((int) pid1);
        Task two = kernel.processes().task((int) pid2);
        if (one == null || two == null) {
            return -ESRCH;
        }
        if (!Permission.trace(task, one) || !Permission.trace(task, two)) {
            return -EPERM;
        }
        return switch ((int) type) {
            case FILE -> {
                OpenFile a = one.files.get((int) index1);
                OpenFile b = two.files.get((int) index2);
                yield a == null || b == null ? -EBADF : same(a, b);
            }
            case VM -> same(one.memory, two.memory);
            case FILES -> same(one.files, two.files);
            case FS -> same(one.fs, two.fs);
            case SIGHAND -> same(one.handlers, two.handlers);
            // nobody has an I/O context of his own
            case IO -> 0;
            case SYSVSEM -> sameUndo(one.process, two.process);
            default -> -EINVAL;
        };
    }

    /** Whoever has promised to take nothing back has no list of that, like everybody else without one. */
    private long sameUndo(Process one, Process two) {
        return one == two || !ipc.undoes(one) && !ipc.undoes(two) ? 0 : DIFFERENT;
    }

    private static long same(@Nullable Object a, @Nullable Object b) {
        return a == b ? 0 : DIFFERENT;
    }

    private long getfd(Task task, long pidFd, long fd, long flags) {
        if ((int) flags != 0) {
            return -EINVAL;
        }
        Process process = pidFds.process(task.files.get((int) pidFd));
        if (process == null) {
            return -EBADF;
        }
        Task leader = process.zombie ? null : process.leader();
        if (leader == null) {
            return -ESRCH;
        }
        if (!Permission.trace(task, leader)) {
            return -EPERM;
        }
        OpenFile file = leader.files.get((int) fd);
        if (file == null) {
            return -EBADF;
        }
        int free = task.files.free(0, OpenCalls.limit(task));
        if (free < 0) {
            return -EMFILE;
        }
        file.refs++;
        task.files.set(free, file, true);
        return free;
    }
}
