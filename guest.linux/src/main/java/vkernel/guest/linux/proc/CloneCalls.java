package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EEXIST;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Kernel.BLOCKED;
import static vkernel.task.CloneArgs.CLONE_DETACHED;
import static vkernel.task.CloneArgs.CLONE_FILES;
import static vkernel.task.CloneArgs.CLONE_FS;
import static vkernel.task.CloneArgs.CLONE_PARENT;
import static vkernel.task.CloneArgs.CLONE_PARENT_SETTID;
import static vkernel.task.CloneArgs.CLONE_PIDFD;
import static vkernel.task.CloneArgs.CLONE_SIGHAND;
import static vkernel.task.CloneArgs.CLONE_SYSVSEM;
import static vkernel.task.CloneArgs.CLONE_THREAD;
import static vkernel.task.CloneArgs.CLONE_VFORK;
import static vkernel.task.CloneArgs.CLONE_VM;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.poll.PidFds;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.time.CpuLimit;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.CloneArgs;
import vkernel.task.Credentials;
import vkernel.task.ProcessTable;
import vkernel.task.Restart;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.task.Tracing;

/** clone(2), clone3(2). */
public final class CloneCalls implements CallGroup {
    private static final int CSIGNAL = 0xff;
    private static final long CLONE_CLEAR_SIGHAND = 0x1_0000_0000L;
    /** CLONE_PTRACE and CLONE_UNTRACED mean nothing without a tracer; CLONE_IO nothing without I/O priorities. */
    private static final long WITHOUT_MEANING = 0x2000 | 0x80_0000 | 0x8000_0000L;

    private static final long KNOWN = CLONE_VM
            | CLONE_FS
            | CLONE_FILES
            | CLONE_SIGHAND
            | CLONE_PIDFD
            | CLONE_VFORK
            | CLONE_PARENT
            | CLONE_THREAD
            | CLONE_SYSVSEM
            | CloneArgs.CLONE_SETTLS
            | CLONE_PARENT_SETTID
            | CloneArgs.CLONE_CHILD_CLEARTID
            | CloneArgs.CLONE_CHILD_SETTID
            | CLONE_CLEAR_SIGHAND
            | WITHOUT_MEANING;

    /** struct clone_args of Linux 5.3, and of now. */
    private static final int ARGS_SIZE_FIRST = 64;

    private static final int ARGS_SIZE = 88;

    private final Kernel kernel;
    private final User user;
    private final PidFds pidFds;
    private final CpuLimit cpuLimit;

    public CloneCalls(Kernel kernel, User user, PidFds pidFds, CpuLimit cpuLimit) {
        this.kernel = kernel;
        this.user = user;
        this.pidFds = pidFds;
        this.cpuLimit = cpuLimit;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.CLONE, "no namespaces: -EINVAL for root, else -EPERM");
        table.partial(this, Nr.CLONE3, "no namespaces: -EINVAL for root, else -EPERM; no cgroups");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.CLONE -> clone(task, a0, a1, a2, a3, a4);
            case Nr.CLONE3 -> clone3(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long clone(Task task, long flags, long stack, long parentTid, long tls, long childTid) {
        if (task.restart.done != 0) {
            return afterVfork(task);
        }
        long kept = flags & 0xffff_ffffL & ~CSIGNAL & ~CLONE_DETACHED;
        if ((kept & CLONE_PIDFD) != 0 && (kept & CLONE_PARENT_SETTID) != 0) {
            return -EINVAL;
        }
        int signal = (int) flags & CSIGNAL;
        return make(task, new CloneArgs(kept, signal, stack, parentTid, childTid, tls, 0), parentTid);
    }

    /** struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, … */
    private long clone3(Task task, long va, long size) {
        if (task.restart.done != 0) {
            return afterVfork(task);
        }
        if (size > User.PATH_MAX) {
            return -E2BIG;
        }
        if (size < ARGS_SIZE_FIRST) {
            return -EINVAL;
        }
        user.zero(ARGS_SIZE);
        if (!user.read(task, va, (int) size)) {
            return -EFAULT;
        }
        for (int i = ARGS_SIZE; i < size; i++) {
            if (user.bytes[i] != 0) {
                return -E2BIG;
            }
        }
        long flags = user.i64(0);
        long signal = user.i64(32);
        long stack = user.i64(40);
        long stackSize = user.i64(48);
        boolean threadWithSignal = (flags & (CLONE_THREAD | CLONE_PARENT)) != 0 && signal != 0;
        if ((flags & (CLONE_DETACHED | CSIGNAL)) != 0 || signal < 0 || signal > Signal.MAX || threadWithSignal) {
            return -EINVAL;
        }
        if ((stack == 0) != (stackSize == 0)) {
            return -EINVAL;
        }
        long pidFd = user.i64(8);
        long childTid = user.i64(16);
        long parentTid = user.i64(24);
        long tls = user.i64(56);
        long tid = chosen(task, user.i64(64), user.i64(72));
        if (tid < 0) {
            return tid;
        }
        return make(
                task,
                new CloneArgs(flags, (int) signal, stack + stackSize, parentTid, childTid, tls, (int) tid),
                pidFd);
    }

    /** The number that set_tid asks for, which is of the one name space there is. @return 0 for none, or -errno */
    private long chosen(Task task, long va, long count) {
        if (count > 1 || (va == 0) != (count == 0)) {
            return -EINVAL;
        }
        if (count == 0) {
            return 0;
        }
        if (!user.read(task, va, 4)) {
            return -EFAULT;
        }
        int tid = user.i32(0);
        if (tid < 1 || tid > ProcessTable.MAX) {
            return -EINVAL;
        }
        if (!task.credentials.can(Credentials.CAP_CHECKPOINT_RESTORE)) {
            return -EPERM;
        }
        return kernel.processes().free(tid) ? tid : -EEXIST;
    }

    private long make(Task task, CloneArgs args, long pidFdVa) {
        long bad = check(task, args);
        if (bad != 0) {
            return bad;
        }
        int fd = args.has(CLONE_PIDFD) ? task.files.free(0, OpenCalls.limit(task)) : 0;
        if (fd < 0) {
            return -EMFILE;
        }
        if (args.has(CLONE_PIDFD) && user.giveInt(task, pidFdVa, fd) != 0) {
            return -EFAULT;
        }
        long tid = kernel.clone(task, args);
        if (tid < 0) {
            return tid;
        }
        @Nullable Task child = kernel.processes().task((int) tid);
        if (child == null) {
            throw new IllegalStateException("clone made task " + tid + ", which is not there");
        }
        if (args.has(CLONE_PIDFD)) {
            task.files.set(fd, pidFds.make(child.process), true);
        }
        if (child.process != task.process) {
            cpuLimit.watch(child.process);
        }
        if (args.has(CLONE_CLEAR_SIGHAND)) {
            child.handlers.resetCaught();
        }
        return args.has(CLONE_VFORK) ? vfork(task, child) : tid;
    }

    private long vfork(Task task, Task child) {
        child.vforkParentWaits = true;
        task.restart.done = child.tid;
        return waitFor(task, child);
    }

    private static long waitFor(Task task, Task child) {
        task.restart.onSignal = Restart.OnSignal.KILL_ONLY;
        task.waitOn(child.vforkDone);
        return BLOCKED;
    }

    /** The call is made again: the child has let go of the memory, or something else woke the parent. */
    private long afterVfork(Task task) {
        @Nullable Task child = kernel.processes().task((int) task.restart.done);
        boolean waits = child != null && child.state != Task.State.DEAD && child.vforkParentWaits;
        if (child != null && waits) {
            return waitFor(task, child);
        }
        if (task.tracing != null && task.tracing.wants(Tracing.EVENT_VFORK_DONE)) {
            task.tracing.event = Tracing.EVENT_VFORK_DONE;
            task.tracing.message = task.restart.done;
        }
        return task.restart.done;
    }

    private long check(Task task, CloneArgs args) {
        boolean thread = args.has(CLONE_THREAD);
        boolean handlers = args.has(CLONE_SIGHAND);
        boolean apart = (args.flags() & NamespaceCalls.APART) != 0;
        if ((args.flags() & ~KNOWN & ~NamespaceCalls.APART) != 0
                || apart && (thread || args.has(CLONE_FS))
                || thread && !handlers
                || handlers && !args.has(CLONE_VM)
                || handlers && args.has(CLONE_CLEAR_SIGHAND)
                || thread && args.has(CLONE_PIDFD)
                || args.has(CLONE_PARENT) && task.process.pid == 1) {
            return -EINVAL;
        }
        if (ProcessLimit.above(kernel, task, task.credentials.uid(), 1)) {
            return -EAGAIN;
        }
        return apart ? NamespaceCalls.refused(task) : 0;
    }
}
