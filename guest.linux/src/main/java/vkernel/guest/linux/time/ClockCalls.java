package vkernel.guest.linux.time;

import static vkernel.guest.linux.table.Handler.of;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.guest.linux.exec.Vdso;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** Reading and setting clocks. */
public final class ClockCalls {
    /** Resolution of every clock, nanoseconds; the coarse ones are as fine as the others. */
    private static final long RESOLUTION = 1;

    private final Kernel kernel;
    private final User user;
    private final Times times;
    private final Clocks clocks;
    private final Vdso vdso;

    public ClockCalls(Kernel kernel, User user, Clocks clocks, Vdso vdso) {
        this.kernel = kernel;
        this.user = user;
        this.clocks = clocks;
        this.vdso = vdso;
        times = new Times(user);
    }

    public void table(Table table) {
        table.full("clock_gettime", of(this::gettime));
        table.full("clock_getres", of(this::getres));
        table.partial("clock_settime", of(this::settime), "sleeps until a time of day do not notice");
        table.full("gettimeofday", of(this::gettimeofday));
        table.partial("settimeofday", of(this::settimeofday), "no time zone");
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
        kernel.setRealtime(nanos);
        vdso.updateClock();
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
        return va == 0 ? (zone == 0 ? 0 : -EINVAL) : set(task, times.timeval(task, va));
    }
}
