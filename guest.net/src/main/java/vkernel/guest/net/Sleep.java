package vkernel.guest.net;

import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Restart;
import vkernel.task.Task;
import vkernel.task.WaitQueue;

/** How a call on a socket waits: with SO_RCVTIMEO or SO_SNDTIMEO it ends with -EAGAIN, and no handler restarts it. */
final class Sleep {
    private final Kernel kernel;

    Sleep(Kernel kernel) {
        this.kernel = kernel;
    }

    /** @param nanos longest wait from the beginning of the call; 0 for no limit. @return BLOCKED or -EAGAIN */
    long on(Task task, WaitQueue queue, boolean waits, long nanos) {
        return waits ? until(task, queue, nanos, -Errno.EAGAIN) : -Errno.EAGAIN;
    }

    /** @param late what is said when the time is over. @return BLOCKED or {@code late} */
    long until(Task task, WaitQueue queue, long nanos, long late) {
        Restart restart = task.restart;
        if (nanos > 0) {
            restart.onSignal = Restart.OnSignal.EINTR;
            if (restart.deadline == Long.MAX_VALUE) {
                restart.deadline = kernel.now() + nanos;
            } else if (kernel.now() >= restart.deadline && !kernel.signalPending(task)) {
                return late;
            }
        }
        task.waitOn(queue);
        return Kernel.BLOCKED;
    }
}
