package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;
import static vkernel.kern.Kernel.NO_RESULT;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** exit(2), and what a thread wants done when it ends. */
public final class ExitCalls implements CallGroup {
    private static final int ROBUST_HEAD_SIZE = 24;

    private final Kernel kernel;
    private final User user;

    public ExitCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.EXIT, Nr.EXIT_GROUP, Nr.SET_TID_ADDRESS, Nr.SET_ROBUST_LIST, Nr.GET_ROBUST_LIST);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.EXIT -> exit(task, a0);
            case Nr.EXIT_GROUP -> exitGroup(task, a0);
            case Nr.SET_TID_ADDRESS -> setTidAddress(task, a0);
            case Nr.SET_ROBUST_LIST -> setRobustList(task, a0, a1);
            case Nr.GET_ROBUST_LIST -> getRobustList(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    private long exit(Task task, long code) {
        kernel.exit(task, ((int) code & 0xff) << 8);
        return NO_RESULT;
    }

    private long exitGroup(Task task, long code) {
        kernel.exitGroup(task.process, ((int) code & 0xff) << 8);
        return NO_RESULT;
    }

    private long setTidAddress(Task task, long va) {
        task.clearChildTid = va;
        return task.tid;
    }

    private long setRobustList(Task task, long head, long length) {
        if (length != ROBUST_HEAD_SIZE) {
            return -EINVAL;
        }
        task.robustList = head;
        return 0;
    }

    private long getRobustList(Task task, long tid, long headVa, long lengthVa) {
        @Nullable Task of = (int) tid == 0 ? task : kernel.processes().task((int) tid);
        if (of == null) {
            return -ESRCH;
        }
        if (of.process != task.process && !task.credentials.can(Credentials.CAP_SYS_PTRACE)) {
            return -EPERM;
        }
        return user.giveLong(task, lengthVa, ROBUST_HEAD_SIZE) == 0 && user.giveLong(task, headVa, of.robustList) == 0
                ? 0
                : -EFAULT;
    }
}
