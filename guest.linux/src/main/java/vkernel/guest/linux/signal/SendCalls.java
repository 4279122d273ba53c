package vkernel.guest.linux.signal;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.poll.PidFds;
import vkernel.guest.linux.proc.Permission;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.SigQueue;
import vkernel.task.Signal;
import vkernel.task.Task;

/** kill(2) and its kin. */
public final class SendCalls implements CallGroup {
    /** What was sent last: programs send the same signal again and again. Soft. */
    private SigInfo last = SigInfo.user(0, 0, 0);

    private final Kernel kernel;
    private final User user;
    private final PidFds pidFds;

    public SendCalls(Kernel kernel, User user, PidFds pidFds) {
        this.kernel = kernel;
        this.user = user;
        this.pidFds = pidFds;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.KILL, Nr.TKILL, Nr.TGKILL, Nr.RT_SIGQUEUEINFO, Nr.RT_TGSIGQUEUEINFO, Nr.PIDFD_SEND_SIGNAL);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.KILL -> kill(task, a0, a1);
            case Nr.TKILL -> toThread(task, -1, (int) a0, (int) a1);
            case Nr.TGKILL -> tgkill(task, a0, a1, a2);
            case Nr.RT_SIGQUEUEINFO -> queue(task, a0, a1, a2);
            case Nr.RT_TGSIGQUEUEINFO -> queueToThread(task, a0, a1, a2, a3);
            case Nr.PIDFD_SEND_SIGNAL -> toPidFd(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private static boolean bad(int signal) {
        return signal < 0 || signal > Signal.MAX;
    }

    private SigInfo fromUser(Task task, int signal, int code) {
        int pid = task.process.pid;
        int uid = task.credentials.uid();
        SigInfo same = last;
        if (same.signal() != signal || same.code() != code || same.pid() != pid || same.uid() != uid) {
            same = new SigInfo(signal, code, pid, uid, 0, 0);
            last = same;
        }
        return same;
    }

    private long kill(Task task, long pid, long number) {
        int to = (int) pid;
        int signal = (int) number;
        if (bad(signal)) {
            return -EINVAL;
        }
        if (to > 0) {
            @Nullable Task thread = kernel.processes().task(to);
            @Nullable Process process = thread == null ? kernel.processes().process(to) : thread.process;
            return process == null ? -ESRCH : toProcess(task, process, fromUser(task, signal, SigInfo.SI_USER));
        }
        if (to == Integer.MIN_VALUE) {
            return -ESRCH;
        }
        if (to == -1) {
            return toEveryone(task, signal);
        }
        return toAll(task, kernel.processes().group(to == 0 ? task.process.pgid : -to), signal);
    }

    /** Everyone else but process 1; that some may not be sent to is no error. */
    private long toEveryone(Task task, int signal) {
        List<Process> others = kernel.processes().processes().stream()
                .filter(p -> p.pid > 1 && p != task.process)
                .toList();
        toAll(task, others, signal);
        return others.isEmpty() ? -ESRCH : 0;
    }

    private long toAll(Task task, List<Process> targets, int signal) {
        long result = -ESRCH;
        SigInfo info = fromUser(task, signal, SigInfo.SI_USER);
        for (Process target : targets) {
            long one = toProcess(task, target, info);
            result = one == 0 || result == -ESRCH ? one : result;
        }
        return result;
    }

    private long toProcess(Task task, Process target, SigInfo info) {
        if (!Permission.signal(task, target, info.signal())) {
            return -EPERM;
        }
        if (full(target, target.pending, info)) {
            return -EAGAIN;
        }
        if (info.signal() != 0) {
            kernel.signal(target, info);
        }
        return 0;
    }

    /** RLIMIT_SIGPENDING counts what is queued by sigqueue(3), here for each queue; kill(2) always comes through. */
    private static boolean full(Process target, SigQueue pending, SigInfo info) {
        if (info.signal() < Signal.SIGRTMIN || info.code() >= 0) {
            return false;
        }
        long limit = target.softLimits[Limits.SIGPENDING];
        return pending.full() || limit != Limits.INFINITY && Long.compareUnsigned(pending.size(), limit) >= 0;
    }

    private long tgkill(Task task, long pid, long tid, long signal) {
        return (int) pid <= 0 ? -EINVAL : toThread(task, (int) pid, (int) tid, (int) signal);
    }

    private long toThread(Task task, int pid, int tid, int signal) {
        if (tid <= 0 || bad(signal)) {
            return -EINVAL;
        }
        return toThread(task, pid, tid, fromUser(task, signal, SigInfo.SI_TKILL));
    }

    private long toThread(Task task, int pid, int tid, SigInfo info) {
        @Nullable Task thread = kernel.processes().task(tid);
        if (thread == null || pid > 0 && thread.process.pid != pid) {
            return -ESRCH;
        }
        if (!Permission.signal(task, thread.process, info.signal())) {
            return -EPERM;
        }
        if (full(thread.process, thread.pending, info)) {
            return -EAGAIN;
        }
        if (info.signal() != 0) {
            kernel.signal(thread, info);
        }
        return 0;
    }

    /** What a program may claim: nothing that only the kernel and kill(2) say, but to itself. */
    private long readInfo(Task task, int to, int signal, long va) {
        if (!user.read(task, va, Siginfo.SIZE)) {
            return -EFAULT;
        }
        int code = user.i32(8);
        boolean forged = code >= 0 || code == SigInfo.SI_TKILL;
        return forged && to != task.process.pid ? -EPERM : bad(signal) ? -EINVAL : 0;
    }

    private long queue(Task task, long pid, long signal, long va) {
        long wrong = readInfo(task, (int) pid, (int) signal, va);
        if (wrong != 0) {
            return wrong;
        }
        @Nullable Task thread = kernel.processes().task((int) pid);
        @Nullable Process process = thread == null ? kernel.processes().process((int) pid) : thread.process;
        return process == null ? -ESRCH : toProcess(task, process, Siginfo.decode((int) signal, user.bytes));
    }

    private long queueToThread(Task task, long pid, long tid, long signal, long va) {
        if ((int) pid <= 0 || (int) tid <= 0) {
            return -EINVAL;
        }
        long wrong = readInfo(task, (int) pid, (int) signal, va);
        return wrong != 0 ? wrong : toThread(task, (int) pid, (int) tid, Siginfo.decode((int) signal, user.bytes));
    }

    private long toPidFd(Task task, long fd, long signal, long va, long flags) {
        if ((int) flags != 0 || bad((int) signal)) {
            return -EINVAL;
        }
        @Nullable Process process = pidFds.processOrFolder(task.files.get((int) fd));
        if (process == null) {
            return -EBADF;
        }
        if (kernel.processes().process(process.pid) != process) {
            return -ESRCH;
        }
        if (va == 0) {
            return toProcess(task, process, fromUser(task, (int) signal, SigInfo.SI_USER));
        }
        if (!user.read(task, va, 4)) {
            return -EFAULT;
        }
        if (user.i32(0) != (int) signal) {
            return -EINVAL;
        }
        long wrong = readInfo(task, process.pid, (int) signal, va);
        return wrong != 0 ? wrong : toProcess(task, process, Siginfo.decode((int) signal, user.bytes));
    }
}
