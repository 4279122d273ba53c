package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Task;

/** sched(7): affinity, yielding, and the one class that there is, SCHED_OTHER. */
public final class SchedCalls implements CallGroup {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RR = 2;
    private static final int SCHED_BATCH = 3;
    private static final int SCHED_IDLE = 5;
    private static final int SCHED_DEADLINE = 6;
    private static final int SCHED_RESET_ON_FORK = 0x4000_0000;
    private static final int RT_PRIORITY_MAX = 99;
    private static final int ATTR_SIZE = 48;
    /** SCHED_FLAG_RESET_ON_FORK. */
    private static final long RESET_ON_FORK = 1;

    /** The policy that a task has, for sched_setparam(2). */
    private static final long KEEP = -1;

    private final Kernel kernel;
    private final User user;
    private final Times times;

    public SchedCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        String other = "SCHED_OTHER, BATCH, IDLE, which are the same; the others are -EINVAL for root, else -EPERM";
        table.full(
                this,
                Nr.SCHED_YIELD,
                Nr.SCHED_GETAFFINITY,
                Nr.SCHED_SETAFFINITY,
                Nr.SCHED_GET_PRIORITY_MAX,
                Nr.SCHED_GET_PRIORITY_MIN,
                Nr.SCHED_RR_GET_INTERVAL,
                Nr.GETCPU);
        table.partial(this, Nr.SCHED_GETSCHEDULER, other);
        table.partial(this, Nr.SCHED_SETSCHEDULER, other);
        table.partial(this, Nr.SCHED_GETPARAM, other);
        table.partial(this, Nr.SCHED_SETPARAM, other);
        table.partial(this, Nr.SCHED_GETATTR, other);
        table.partial(this, Nr.SCHED_SETATTR, other);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SCHED_YIELD -> this.yield(task);
            case Nr.SCHED_GETAFFINITY -> getAffinity(task, a0, a1, a2);
            case Nr.SCHED_SETAFFINITY -> setAffinity(task, a0, a1, a2);
            case Nr.SCHED_GETSCHEDULER -> getScheduler(task, a0);
            case Nr.SCHED_SETSCHEDULER -> setScheduler(task, a0, a1, a2);
            case Nr.SCHED_GETPARAM -> getParam(task, a0, a1);
            case Nr.SCHED_SETPARAM -> setScheduler(task, a0, KEEP, a1);
            case Nr.SCHED_SETATTR -> setAttr(task, a0, a1, a2);
            case Nr.SCHED_GETATTR -> getAttr(task, a0, a1, a2, a3);
            case Nr.SCHED_GET_PRIORITY_MAX -> priority(a0, RT_PRIORITY_MAX);
            case Nr.SCHED_GET_PRIORITY_MIN -> priority(a0, 1);
            case Nr.SCHED_RR_GET_INTERVAL -> interval(task, a0, a1);
            case Nr.GETCPU -> getcpu(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private @Nullable Task find(Task task, long pid) {
        return (int) pid == 0 ? task : kernel.processes().task((int) pid);
    }

    private static long missing(long pid) {
        return (int) pid < 0 ? -EINVAL : -ESRCH;
    }

    private long yield(Task task) {
        kernel.yield(task);
        return 0;
    }

    private long present() {
        return kernel.harts() >= 64 ? -1 : (1L << kernel.harts()) - 1;
    }

    private long getAffinity(Task task, long pid, long size, long va) {
        if ((size & 7) != 0 || Integer.toUnsignedLong((int) size) * 8 < kernel.harts()) {
            return -EINVAL;
        }
        @Nullable Task of = find(task, pid);
        if (of == null) {
            return -ESRCH;
        }
        return user.giveLong(task, va, of.affinity & present()) == 0 ? 8 : -EFAULT;
    }

    private long setAffinity(Task task, long pid, long size, long va) {
        int bytes = (int) Math.min(size & 0xffff_ffffL, 8);
        user.put64(0, 0);
        if (!user.read(task, va, bytes)) {
            return -EFAULT;
        }
        long wanted = user.i64(0) & present();
        @Nullable Task of = find(task, pid);
        if (of == null) {
            return missing(pid);
        }
        if (!Permission.schedule(task, of)) {
            return -EPERM;
        }
        if (wanted == 0) {
            return -EINVAL;
        }
        of.affinity = wanted;
        if (of == task && (wanted >> task.hart & 1) == 0) {
            kernel.yield(task);
        }
        return 0;
    }

    private long setScheduler(Task task, long pid, long policy, long va) {
        if (va == 0 || (int) pid < 0) {
            return -EINVAL;
        }
        if (!user.read(task, va, 4)) {
            return -EFAULT;
        }
        @Nullable Task of = find(task, pid);
        if (of == null) {
            return -ESRCH;
        }
        int wanted = policy == KEEP ? of.policy : (int) policy & ~SCHED_RESET_ON_FORK;
        int priority = user.i32(0);
        if (realTime(wanted) ? priority < 1 || priority > RT_PRIORITY_MAX : !normal(wanted) || priority != 0) {
            return -EINVAL;
        }
        long allowed = allowed(task, of, wanted);
        if (allowed == 0) {
            of.policy = wanted;
        }
        return allowed;
    }

    private static boolean normal(int policy) {
        return policy == SCHED_OTHER || policy == SCHED_BATCH || policy == SCHED_IDLE;
    }

    private static boolean realTime(int policy) {
        return policy == SCHED_FIFO || policy == SCHED_RR || policy == SCHED_DEADLINE;
    }

    /** What is not here is refused to those first who may not have it on Linux either. @return 0, -EPERM or -EINVAL */
    private static long allowed(Task task, Task of, int policy) {
        boolean root = task.credentials.can(Credentials.CAP_SYS_NICE);
        boolean outOfIdle = of.policy == SCHED_IDLE && policy != SCHED_IDLE && !mayRenice(of);
        if (!Permission.schedule(task, of) || !root && (realTime(policy) || outOfIdle)) {
            return -EPERM;
        }
        return realTime(policy) ? -EINVAL : 0;
    }

    /** RLIMIT_NICE counts from 20 down to -19 as 1 to 40. */
    private static boolean mayRenice(Task of) {
        return 20 - of.nice <= of.process.softLimits[Limits.NICE];
    }

    private long getScheduler(Task task, long pid) {
        @Nullable Task of = find(task, pid);
        if (of == null) {
            return kernel.processes().process((int) pid) == null ? missing(pid) : SCHED_OTHER; // the kernel itself
        }
        return of.policy;
    }

    private long getParam(Task task, long pid, long va) {
        return find(task, pid) == null ? missing(pid) : va == 0 ? -EINVAL : user.giveInt(task, va, 0);
    }

    /** struct sched_attr: size at 0, policy at 4, nice at 16. */
    private long getAttr(Task task, long pid, long va, long size, long flags) {
        @Nullable Task of = find(task, pid);
        if (of == null) {
            return missing(pid);
        }
        if (va == 0 || flags != 0 || (int) size < ATTR_SIZE || (int) size > User.PATH_MAX) {
            return -EINVAL;
        }
        user.zero(ATTR_SIZE);
        user.put32(0, ATTR_SIZE);
        user.put32(4, of.policy);
        user.put32(16, of.nice);
        return user.give(task, va, ATTR_SIZE);
    }

    /** Attributes of later kernels have to be zero; of those here neither periods nor clamps mean anything. */
    private long setAttr(Task task, long pid, long va, long flags) {
        if (va == 0 || (int) pid < 0 || (int) flags != 0) {
            return -EINVAL;
        }
        if (!user.read(task, va, ATTR_SIZE)) {
            return -EFAULT;
        }
        int size = user.i32(0);
        if (size != 0 && (size < ATTR_SIZE || size > User.PATH_MAX)) {
            return user.giveInt(task, va, ATTR_SIZE) != 0 ? -EFAULT : -E2BIG;
        }
        long unknown = later(task, va, size);
        if (unknown != 0) {
            return unknown;
        }
        if (!user.read(task, va, ATTR_SIZE)) {
            return -EFAULT;
        }
        int policy = user.i32(4);
        long attrFlags = user.i64(8);
        int nice = user.i32(16);
        int priority = user.i32(20);
        boolean timed = policy == SCHED_FIFO || policy == SCHED_RR;
        boolean prioritised = timed ? priority >= 1 && priority <= RT_PRIORITY_MAX : priority == 0;
        if (!normal(policy) && !realTime(policy) || (attrFlags & ~RESET_ON_FORK) != 0 || !prioritised) {
            return -EINVAL;
        }
        @Nullable Task of = find(task, pid);
        if (of == null) {
            return -ESRCH;
        }
        int wanted = Math.clamp(nice, -20, 19);
        long allowed = allowed(task, of, policy);
        if (allowed != 0) {
            return allowed;
        }
        if (wanted < of.nice && !task.credentials.can(Credentials.CAP_SYS_NICE)) {
            return -EPERM;
        }
        of.policy = policy;
        kernel.renice(of, wanted);
        return 0;
    }

    /** What a later kernel knows has to be zero. @return 0, -E2BIG or -EFAULT */
    private long later(Task task, long va, int size) {
        for (int at = ATTR_SIZE; at < size; at++) {
            if (!user.read(task, va + at, 1)) {
                return -EFAULT;
            }
            if (user.bytes[0] != 0) {
                return user.giveInt(task, va, ATTR_SIZE) != 0 ? -EFAULT : -E2BIG;
            }
        }
        return 0;
    }

    private static long priority(long policy, int realTime) {
        return switch ((int) policy) {
            case SCHED_FIFO, SCHED_RR -> realTime;
            case SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_DEADLINE -> 0;
            default -> -EINVAL;
        };
    }

    private long interval(Task task, long pid, long va) {
        @Nullable Task of = find(task, pid);
        return of == null
                ? missing(pid)
                : times.giveTimespec(task, va, kernel.sched().quantum(of));
    }

    private long getcpu(Task task, long cpu, long node) {
        if (cpu != 0 && user.giveInt(task, cpu, task.hart) != 0) {
            return -EFAULT;
        }
        return node == 0 ? 0 : user.giveInt(task, node, 0);
    }
}
