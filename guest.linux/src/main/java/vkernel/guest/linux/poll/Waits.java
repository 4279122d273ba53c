package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;

import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Restart;
import vkernel.task.Signal;
import vkernel.task.Task;

/** What ppoll(2), pselect6(2) and epoll_pwait(2) have in common: a timeout, and a signal mask for the wait. */
final class Waits {
    private static final int SET_SIZE = 8;

    private final Kernel kernel;
    private final User user;
    private final Times times;

    Waits(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        times = new Times(user);
    }

    /** Begins the wait, once. @param timeoutVa a timespec; 0 to wait without end. @return 0, -EFAULT, -EINVAL */
    long begin(Task task, long timeoutVa, long maskVa, long maskSize) {
        if (task.restart.active) {
            return 0;
        }
        long nanos = timeoutVa == 0 ? Times.MAX : times.timespec(task, timeoutVa);
        return nanos < 0 ? nanos : beginFor(task, nanos, maskVa, maskSize);
    }

    /** Begins the wait, once. @param nanos how long at most */
    long beginFor(Task task, long nanos, long maskVa, long maskSize) {
        Restart restart = task.restart;
        if (restart.active) {
            return 0;
        }
        if (maskVa != 0) {
            if (maskSize != SET_SIZE) {
                return -EINVAL;
            }
            if (!user.read(task, maskVa, SET_SIZE)) {
                return -EFAULT;
            }
            restart.savedMask = task.sigMask;
            restart.restoreMask = true;
            task.sigMask = user.i64(0) & ~Signal.UNBLOCKABLE;
            kernel.recheckSignals(task);
        }
        restart.onSignal = Restart.OnSignal.EINTR;
        restart.deadline = Times.deadline(kernel.now(), nanos);
        return 0;
    }

    /** Whether to block when nothing is ready: there is time left, or a signal that is to be taken first. */
    boolean goesOn(Task task) {
        return kernel.now() < task.restart.deadline || kernel.signalPending(task);
    }

    /** Linux writes back how much of the timeout is left; it minds no fault then. */
    void giveLeft(Task task, long timeoutVa) {
        if (timeoutVa != 0) {
            long left = task.restart.deadline - kernel.now();
            times.giveTimespec(task, timeoutVa, Math.max(0, left));
        }
    }
}
