package vkernel.guest.linux.time;

import static vkernel.kern.Errno.EINTR;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Kernel.BLOCKED;
import static vkernel.task.Registers.A1;
import static vkernel.task.Registers.A3;

import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Restart;
import vkernel.task.Task;

/** nanosleep(2), clock_nanosleep(2). */
public final class SleepCalls implements CallGroup {
    private static final int TIMER_ABSTIME = 1;

    private final Kernel kernel;
    private final Times times;
    private final Clocks clocks;

    public SleepCalls(Kernel kernel, User user, Clocks clocks) {
        this.kernel = kernel;
        this.clocks = clocks;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.NANOSLEEP);
        table.partial(this, Nr.CLOCK_NANOSLEEP, "CPU time clocks are -EOPNOTSUPP");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.NANOSLEEP -> sleep(task, Clocks.MONOTONIC, 0, a0);
            case Nr.CLOCK_NANOSLEEP -> sleep(task, (int) a0, (int) a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    @Override
    public long interrupted(int call, Task task) {
        return switch (call) {
            case Nr.NANOSLEEP -> remaining(task, task.regs[A1]);
            case Nr.CLOCK_NANOSLEEP ->
                ((int) task.regs[A1] & TIMER_ABSTIME) != 0 ? -EINTR : remaining(task, task.regs[A3]);
            default -> CallGroup.super.interrupted(call, task);
        };
    }

    private long sleep(Task task, int clock, int flags, long request) {
        Restart restart = task.restart;
        if (!restart.active) {
            long bad = begin(task, clock, flags, request);
            if (bad != 0) {
                return bad;
            }
        }
        if (kernel.now() >= restart.deadline) {
            return 0;
        }
        restart.onSignal = Restart.OnSignal.EINTR;
        return BLOCKED;
    }

    private long begin(Task task, int clock, int flags, long request) {
        if (clocks.read(task, clock) < 0) {
            return -EINVAL;
        }
        if (!Clocks.elapses(clock)) {
            return -EOPNOTSUPP;
        }
        long nanos = times.timespec(task, request);
        if (nanos < 0) {
            return nanos;
        }
        long now = kernel.now();
        boolean absolute = (flags & TIMER_ABSTIME) != 0;
        task.restart.deadline = !absolute
                ? Times.deadline(now, nanos)
                : Clocks.realtime(clock) ? Times.deadline(now, nanos - kernel.realtime()) : nanos;
        return 0;
    }

    /** A relative sleep that a handler ends tells how much was left. */
    private long remaining(Task task, long va) {
        long left = Math.max(0, task.restart.deadline - kernel.now());
        long bad = va == 0 ? 0 : times.giveTimespec(task, va, left);
        return bad != 0 ? bad : -EINTR;
    }
}
