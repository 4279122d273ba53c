package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.time.CpuLimit;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.Task;

/** Resource limits and usage. */
public final class LimitCalls implements CallGroup {
    private static final int RUSAGE_SELF = 0;
    private static final int RUSAGE_CHILDREN = -1;
    private static final int RUSAGE_THREAD = 1;
    /** Most descriptors of a process (fs.nr_open). */
    private static final long NR_OPEN = 1 << 20;

    private static final long NANOS_PER_TICK = 10_000_000;

    private final Kernel kernel;
    private final User user;
    private final Usage usage;
    private final CpuLimit cpuLimit;

    public LimitCalls(Kernel kernel, User user, Usage usage, CpuLimit cpuLimit) {
        this.kernel = kernel;
        this.user = user;
        this.usage = usage;
        this.cpuLimit = cpuLimit;
    }

    @Override
    public void table(Table table) {
        String kept = "kept but not enforced: RSS, LOCKS, RTPRIO, RTTIME";
        table.full(this, Nr.GETRLIMIT, Nr.TIMES);
        table.partial(this, Nr.PRLIMIT64, kept);
        table.partial(this, Nr.SETRLIMIT, kept);
        table.partial(this, Nr.GETRUSAGE, "RUSAGE_CHILDREN: times only; no block counts");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.PRLIMIT64 -> prlimit(task, a0, a1, a2, a3);
            case Nr.GETRLIMIT -> prlimit(task, 0, a0, 0, a1);
            case Nr.SETRLIMIT -> setrlimit(task, a0, a1);
            case Nr.GETRUSAGE -> getrusage(task, a0, a1);
            case Nr.TIMES -> times(task, a0);
            default -> throw Table.unclaimed(call);
        };
    }

    private long setrlimit(Task task, long resource, long va) {
        return va == 0 ? -EFAULT : prlimit(task, 0, resource, va, 0);
    }

    private long prlimit(Task task, long pid, long resource, long newVa, long oldVa) {
        int which = (int) resource;
        if (which < 0 || which >= Limits.COUNT) {
            return -EINVAL;
        }
        @Nullable Task of = (int) pid == 0 ? task : kernel.processes().task((int) pid);
        if (of == null) {
            return -ESRCH;
        }
        Process process = of.process;
        if (process != task.process && !Permission.same(task, of)) {
            return -EPERM;
        }
        long oldSoft = process.softLimits[which];
        long oldHard = process.hardLimits[which];
        if (newVa != 0) {
            long bad = set(task, process, which, newVa);
            if (bad != 0) {
                return bad;
            }
        }
        user.put64(0, oldSoft);
        user.put64(8, oldHard);
        return oldVa == 0 ? 0 : user.give(task, oldVa, 16);
    }

    private long set(Task task, Process process, int which, long va) {
        if (!user.read(task, va, 16)) {
            return -EFAULT;
        }
        long soft = user.i64(0);
        long hard = user.i64(8);
        if (Long.compareUnsigned(soft, hard) > 0) {
            return -EINVAL;
        }
        boolean tooMany = which == Limits.NOFILE && Long.compareUnsigned(hard, NR_OPEN) > 0;
        boolean raises = Long.compareUnsigned(hard, process.hardLimits[which]) > 0;
        if (tooMany || raises && !task.credentials.can(Credentials.CAP_SYS_RESOURCE)) {
            return -EPERM;
        }
        process.softLimits[which] = soft;
        process.hardLimits[which] = hard;
        if (which == Limits.CPU) {
            cpuLimit.watch(process);
        }
        return 0;
    }

    private long getrusage(Task task, long who, long va) {
        switch ((int) who) {
            case RUSAGE_SELF -> usage.ofProcess(task.process);
            case RUSAGE_CHILDREN -> usage.ofChildren(task.process);
            case RUSAGE_THREAD -> usage.ofThread(task);
            default -> {
                return -EINVAL;
            }
        }
        return user.give(task, va, Usage.SIZE);
    }

    /** struct tms: user, system, children's user, children's system, in ticks of 10 ms. */
    private long times(Task task, long va) {
        if (va != 0) {
            Process process = task.process;
            user.put64(0, usage.userTime(process) / NANOS_PER_TICK);
            user.put64(8, Usage.systemTime(process) / NANOS_PER_TICK);
            user.put64(16, process.childrenUserTime / NANOS_PER_TICK);
            user.put64(24, process.childrenSystemTime / NANOS_PER_TICK);
            if (!user.write(task, va, 32)) {
                return -EFAULT;
            }
        }
        return kernel.now() / NANOS_PER_TICK;
    }
}
