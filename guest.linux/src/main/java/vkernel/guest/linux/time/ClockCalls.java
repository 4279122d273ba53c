package vkernel.guest.linux.time;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** Reading and setting clocks. */
public final class ClockCalls implements CallGroup {
    /** Resolution of every clock, nanoseconds; the coarse ones are as fine as the others. */
    private static final long RESOLUTION = 1;

    private final Kernel kernel;
    /** struct timezone. */
    private static final int ZONE = 8;

    private final User user;
    private final Times times;
    private final Clocks clocks;
    private final ClockSet clock;

    public ClockCalls(Kernel kernel, User user, Clocks clocks, ClockSet clock) {
        this.kernel = kernel;
        this.user = user;
        this.clocks = clocks;
        this.clock = clock;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.CLOCK_GETTIME, Nr.CLOCK_GETRES, Nr.GETTIMEOFDAY);
        table.partial(this, Nr.CLOCK_SETTIME, "sleeps until a time of day do not notice");
        table.partial(this, Nr.SETTIMEOFDAY, "no time zone");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.CLOCK_GETTIME -> gettime(task, a0, a1);
            case Nr.CLOCK_GETRES -> getres(task, a0, a1);
            case Nr.CLOCK_SETTIME -> settime(task, a0, a1);
            case Nr.GETTIMEOFDAY -> gettimeofday(task, a0, a1);
            case Nr.SETTIMEOFDAY -> settimeofday(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long gettime(Task task, long clock, long va) {
        long now = clocks.read(task, (int) clock);
        return now < 0 ? now : times.giveTimespec(task, va, now);
    }

    private long getres(Task task, long clock, long va) {
        long now = clocks.read(task, (int) clock);
        return now < 0 ? now : va == 0 ? 0 : times.giveTimespec(task, va, RESOLUTION);
    }

    private long settime(Task task, long clock, long va) {
        if ((int) clock != Clocks.REALTIME) {
            return -EINVAL;
        }
        return set(task, times.timespec(task, va));
    }

    private long set(Task task, long nanos) {
        if (nanos < 0) {
            return nanos;
        }
        if (!task.credentials.can(Credentials.CAP_SYS_TIME)) {
            return -EPERM;
        }
        clock.to(nanos);
        return 0;
    }

    private long gettimeofday(Task task, long va, long zone) {
        if (va != 0) {
            times.putTimeval(0, kernel.realtime());
            if (!user.write(task, va, 16)) {
                return -EFAULT;
            }
        }
        return zone == 0 ? 0 : user.giveLong(task, zone, 0);
    }

    private long settimeofday(Task task, long va, long zone) {
        if (zone != 0 && !user.read(task, zone, ZONE)) {
            return -EFAULT;
        }
        return va == 0 ? (zone == 0 ? 0 : -EINVAL) : set(task, times.timeval(task, va));
    }
}
