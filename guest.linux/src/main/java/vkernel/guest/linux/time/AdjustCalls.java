package vkernel.guest.linux.time;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Errno.EPERM;

import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

/**
 * adjtimex(2), clock_adjtime(2): how well the clock keeps time. It is the host's, which nobody here can steer, so it is
 * what a Linux clock is before anybody has: not synchronised.
 */
public final class AdjustCalls implements CallGroup {
    /** Size of struct timex. */
    private static final int TIMEX = 208;
    /** ADJ_OFFSET_SS_READ: how much of a slow adjustment is left, for everybody. */
    private static final int READ_OFFSET = 0xa001;

    private static final int STATUS_UNSYNC = 0x40;
    /** TIME_ERROR: the clock is not synchronised. */
    private static final long UNSYNCHRONISED = 5;
    /** Largest error, microseconds. */
    private static final long WORST = 16_000_000;
    /** MAX_TICKADJ of the kernel: most that a clock is off, parts per million with 16 bits of fraction. */
    private static final long TOLERANCE = 500L << 16;

    private final Kernel kernel;
    private final User user;
    private final Clocks clocks;
    private final Times times;

    /** Modes whose values have bounds (adjtimex(2)). */
    private static final int ADJ_SETOFFSET = 0x100, ADJ_NANO = 0x2000, ADJ_TICK = 0x4000;

    public AdjustCalls(Kernel kernel, User user, Clocks clocks) {
        this.kernel = kernel;
        this.clocks = clocks;
        this.user = user;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.ADJTIMEX, "tells, but adjusts nothing: -EOPNOTSUPP");
        table.partial(this, Nr.CLOCK_ADJTIME, "tells, but adjusts nothing: -EOPNOTSUPP");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.ADJTIMEX -> adjust(task, a0);
            case Nr.CLOCK_ADJTIME -> adjustClock(task, (int) a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long adjustClock(Task task, int clock, long va) {
        if (!user.read(task, va, TIMEX)) {
            return -EFAULT;
        }
        return clock == Clocks.REALTIME ? adjust(task, va) : clocks.read(task, clock) < 0 ? -EINVAL : -EOPNOTSUPP;
    }

    /** Whether what is in the scratch array could be adjusted anywhere. */
    private boolean valid(int modes) {
        long tick = user.i64(88);
        long part = user.i64(80);
        boolean ticks = (modes & ADJ_TICK) == 0 || tick >= 9_000 && tick <= 11_000;
        long most = (modes & ADJ_NANO) != 0 ? 1_000_000_000 : 1_000_000;
        return ticks && ((modes & ADJ_SETOFFSET) == 0 || part >= 0 && part < most);
    }

    private long adjust(Task task, long va) {
        if (!user.read(task, va, TIMEX)) {
            return -EFAULT;
        }
        int modes = user.i32(0);
        if (modes != 0 && modes != READ_OFFSET) {
            if (!task.credentials.can(Credentials.CAP_SYS_TIME)) {
                return -EPERM;
            }
            return valid(modes) ? -EOPNOTSUPP : -EINVAL;
        }
        user.zero(TIMEX);
        user.put32(0, modes);
        user.put64(24, WORST);
        user.put64(32, WORST);
        user.put32(40, STATUS_UNSYNC);
        user.put64(48, 2); // time constant
        user.put64(56, 1); // precision, microseconds
        user.put64(64, TOLERANCE);
        times.putTimeval(72, kernel.realtime());
        user.put64(88, 10_000); // microseconds of a tick
        return user.give(task, va, TIMEX) == 0 ? UNSYNCHRONISED : -EFAULT;
    }
}
