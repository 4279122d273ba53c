package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINTR;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Eventpoll;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.ipc.Ipc;
import vkernel.guest.linux.poll.PidFds;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;

/** What processes share: kcmp(2), pidfd_getfd(2). */
public final class KcmpCalls implements CallGroup {
    private static final int FILE = 0, VM = 1, FILES = 2, FS = 3, SIGHAND = 4, IO = 5, SYSVSEM = 6;
    private static final int EPOLL_TFD = 7;
    private static final long LESS = 1, GREATER = 2;
    /** Neither the same nor ordered. */
    private static final long DIFFERENT = 3;

    private final Kernel kernel;
    private final User user;
    private final PidFds pidFds;
    private final Ipc ipc;

    public KcmpCalls(Kernel kernel, User user, PidFds pidFds, Ipc ipc) {
        this.ipc = ipc;
        this.kernel = kernel;
        this.user = user;
        this.pidFds = pidFds;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.PIDFD_GETFD, Nr.RESTART_SYSCALL, Nr.KCMP);
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
                yield a == null || b == null ? -EBADF : order(a, b);
            }
            case VM -> order(one.memory, two.memory);
            case FILES -> order(one.files, two.files);
            case FS -> order(one.fs, two.fs);
            case SIGHAND -> order(one.handlers, two.handlers);
            // nobody has an I/O context of his own
            case IO -> 0;
            case SYSVSEM -> sameUndo(one.process, two.process);
            case EPOLL_TFD -> {
                OpenFile file = one.files.get((int) index1);
                yield file == null ? -EBADF : watched(task, file, two, index2);
            }
            default -> -EINVAL;
        };
    }

    /** Compares with what an epoll of another has: struct kcmp_epoll_slot, efd at 0, tfd at 4, toff at 8. */
    private long watched(Task task, OpenFile file, Task two, long slotVa) {
        if (!user.read(task, slotVa, 12)) {
            return -EFAULT;
        }
        OpenFile epoll = two.files.get(user.i32(0));
        if (epoll == null) {
            return -EBADF;
        }
        if (!(epoll.data instanceof Eventpoll poll)) {
            return -EINVAL;
        }
        int left = user.i32(8);
        for (Eventpoll.Interest interest : poll.interests) {
            if (interest.fd == user.i32(4) && left-- == 0) {
                return order(file, interest.file);
            }
        }
        return -ENOENT;
    }

    /** Whoever has promised to take nothing back has no list of that, like everybody else without one. */
    private long sameUndo(Process one, Process two) {
        return one == two || !ipc.undoes(one) && !ipc.undoes(two) ? 0 : DIFFERENT;
    }

    /** By what lasts as long as the objects; two in 2^25 have the same of it. */
    private static long order(@Nullable Object a, @Nullable Object b) {
        int one = System.identityHashCode(a);
        int two = System.identityHashCode(b);
        return a == b ? 0 : one == two ? DIFFERENT : one < two ? LESS : GREATER;
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
