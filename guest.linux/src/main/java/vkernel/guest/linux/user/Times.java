package vkernel.guest.linux.user;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;

import vkernel.task.Task;

/** struct timespec and struct timeval as nanoseconds. */
public final class Times {
    public static final long SECOND = 1_000_000_000L;
    public static final long MICRO = 1_000L;

    /** Longest time, so that a deadline does not overflow: 146 years. */
    public static final long MAX = Long.MAX_VALUE / 2;

    private final User user;

    public Times(User user) {
        this.user = user;
    }

    /** A timespec of not less than zero. @return nanoseconds, -EFAULT or -EINVAL */
    public long timespec(Task task, long va) {
        return user.read(task, va, 16) ? timespecAt(0) : -EFAULT;
    }

    /** The timespec at an offset of the scratch array. @return nanoseconds or -EINVAL */
    public long timespecAt(int at) {
        return nanos(user.i64(at), user.i64(at + 8), SECOND, 1);
    }

    /** A timeval of not less than zero. @return nanoseconds, -EFAULT or -EINVAL */
    public long timeval(Task task, long va) {
        return user.read(task, va, 16) ? timevalAt(0) : -EFAULT;
    }

    /** The timeval at an offset of the scratch array. @return nanoseconds or -EINVAL */
    public long timevalAt(int at) {
        return nanos(user.i64(at), user.i64(at + 8), 1_000_000, MICRO);
    }

    private static long nanos(long seconds, long parts, long perSecond, long unit) {
        if (seconds < 0 || parts < 0 || parts >= perSecond) {
            return -EINVAL;
        }
        return seconds >= MAX / SECOND ? MAX : seconds * SECOND + parts * unit;
    }

    /** Puts a timespec into the scratch array. */
    public void putTimespec(int at, long nanos) {
        user.put64(at, Math.floorDiv(nanos, SECOND));
        user.put64(at + 8, Math.floorMod(nanos, SECOND));
    }

    /** Puts a timeval into the scratch array. */
    public void putTimeval(int at, long nanos) {
        user.put64(at, Math.floorDiv(nanos, SECOND));
        user.put64(at + 8, Math.floorMod(nanos, SECOND) / MICRO);
    }

    /** Writes a timespec. @return 0 or -EFAULT */
    public long giveTimespec(Task task, long va, long nanos) {
        putTimespec(0, nanos);
        return user.give(task, va, 16);
    }

    /** Absolute end of a wait that begins now. */
    public static long deadline(long now, long nanos) {
        return nanos >= MAX ? Long.MAX_VALUE : now + nanos;
    }
}
