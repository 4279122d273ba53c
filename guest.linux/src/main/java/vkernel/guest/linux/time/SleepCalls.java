package vkernel.guest.linux.time;

import static vkernel.guest.linux.table.Handler.of;
import static vkernel.kern.Errno.EINTR;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Kernel.BLOCKED;
import static vkernel.task.Registers.A1;
import static vkernel.task.Registers.A3;

import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Restart;
import vkernel.task.Task;

/** nanosleep(2), clock_nanosleep(2). */
public final class SleepCalls {
    private static final int TIMER_ABSTIME = 1;

    private final Kernel kernel;
    private final Times times;
    private final Clocks clocks;

    public SleepCalls(Kernel kernel, User user, Clocks clocks) {
        this.kernel = kernel;
        this.clocks = clocks;
        times = new Times(user);
    }

    public void table(Table table) {
        table.full("nanosleep", of((t, request, remaining) -> sleep(t, Clocks.MONOTONIC, 0, request)));
        table.partial(
                "clock_nanosleep",
                of((t, clock, flags, request, remaining) -> sleep(t, (int) clock, (int) flags, request)),
                "CPU time clocks are -EOPNOTSUPP");
        table.whenInterrupted("nanosleep", t -> remaining(t, t.regs[A1]));
        table.whenInterrupted(
                "clock_nanosleep", t -> ((int) t.regs[A1] & TIMER_ABSTIME) != 0 ? -EINTR : remaining(t, t.regs[A3]));
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
