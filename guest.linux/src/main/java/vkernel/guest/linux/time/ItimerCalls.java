package vkernel.guest.linux.time;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.task.IntervalTimer;
import vkernel.task.Process;
import vkernel.task.Signal;
import vkernel.task.Task;

/** getitimer(2), setitimer(2). */
public final class ItimerCalls implements CallGroup {
    private static final int[] CLOCKS = {Clocks.MONOTONIC, Clocks.ITIMER_VIRTUAL, Clocks.ITIMER_PROF};
    private static final int[] SIGNALS = {Signal.SIGALRM, Signal.SIGVTALRM, Signal.SIGPROF};

    private final User user;
    private final Times times;
    private final Timers timers;

    public ItimerCalls(User user, Timers timers) {
        this.user = user;
        this.timers = timers;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.GETITIMER, Nr.SETITIMER);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.GETITIMER -> get(task, a0, a1);
            case Nr.SETITIMER -> set(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    /** struct itimerval: interval at 0, value at 16. */
    private long get(Task task, long which, long va) {
        if (which < 0 || which >= CLOCKS.length) {
            return -EINVAL;
        }
        @Nullable IntervalTimer timer = task.process.itimers[(int) which];
        put(timer == null ? 0 : timer.interval, timer == null ? 0 : timers.left(task.process, timer));
        return user.give(task, va, 32);
    }

    private void put(long interval, long left) {
        times.putTimeval(0, interval);
        // What is armed never reads as zero.
        times.putTimeval(16, left == 0 ? 0 : Math.max(left, Times.MICRO));
    }

    private long set(Task task, long which, long newVa, long oldVa) {
        if (which < 0 || which >= CLOCKS.length) {
            return -EINVAL;
        }
        long interval = 0;
        long value = 0;
        if (newVa != 0) {
            if (!user.read(task, newVa, 32)) {
                return -EFAULT;
            }
            interval = times.timevalAt(0);
            value = times.timevalAt(16);
        }
        if (interval < 0 || value < 0) {
            return -EINVAL;
        }
        Process process = task.process;
        IntervalTimer timer = timer(process, (int) which);
        put(timer.interval, timers.left(process, timer));
        boolean told = oldVa == 0 || user.write(task, oldVa, 32);
        long expires = value == 0 ? 0 : Times.deadline(timers.now(process, timer), value);
        timers.arm(process, timer, expires, value == 0 ? 0 : interval);
        return told ? 0 : -EFAULT;
    }

    private static IntervalTimer timer(Process process, int which) {
        IntervalTimer timer = process.itimers[which];
        if (timer == null) {
            timer = process.itimers[which] = new IntervalTimer(-1, CLOCKS[which]);
            timer.signal = SIGNALS[which];
        }
        return timer;
    }
}
