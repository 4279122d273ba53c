package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.task.CloneArgs.CLONE_FILES;
import static vkernel.task.CloneArgs.CLONE_FS;
import static vkernel.task.CloneArgs.CLONE_SYSVSEM;

import vkernel.fs.OpenFile;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.poll.PidFds;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** What a task no longer shares: unshare(2), setns(2). There is one name space of each kind, and no other is made. */
public final class NamespaceCalls implements CallGroup {
    /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWPID, NEWNET: what asks for more rights than one's own. */
    static final long APART = 0x2_0000 | 0x200_0000 | 0x400_0000 | 0x800_0000 | 0x2000_0000 | 0x4000_0000;

    private final PidFds pidFds;

    public NamespaceCalls(PidFds pidFds) {
        this.pidFds = pidFds;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.UNSHARE, "CLONE_FS, CLONE_FILES; no namespaces: -EINVAL for root, else -EPERM");
        table.partial(this, Nr.SETNS, "no namespaces: -EINVAL for root, else -EPERM");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.UNSHARE -> unshare(task, a0);
            case Nr.SETNS -> setns(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    /** Who may not is told so; who may, that there is nothing of the kind. */
    static long refused(Task task) {
        return task.credentials.can(Credentials.CAP_SYS_ADMIN) ? -EINVAL : -EPERM;
    }

    private static long unshare(Task task, long flags) {
        if ((flags & ~(CLONE_FS | CLONE_FILES | CLONE_SYSVSEM)) != 0) {
            return (flags & APART) != 0 ? refused(task) : -EINVAL;
        }
        if ((flags & CLONE_FS) != 0) {
            task.fs = task.fs.copy();
        }
        if ((flags & CLONE_FILES) != 0) {
            OpenCalls.unshare(task);
        }
        return 0;
    }

    private long setns(Task task, long fd, long kinds) {
        OpenFile file = task.files.get((int) fd);
        if (file == null) {
            return -EBADF;
        }
        boolean ofProcess = pidFds.process(file) != null && kinds != 0 && (kinds & ~APART) == 0;
        return ofProcess ? refused(task) : -EINVAL;
    }
}
