package vkernel.guest.kern;

import vkernel.task.Task;

/**
 * Ends the waits of tasks that have a deadline (Linux: kernel/time/sleep_timeout.c). Kernel lock held. Nothing of this code
 * is in their timers, so that they stay armed while it is replaced.
 */
final class Sleepers {
    private final EventKernel kernel;

    Sleepers(EventKernel kernel) {
        this.kernel = kernel;
    }

    /** The task sleeps until its deadline, if it has one. */
    void sleep(Task task) {
        if (task.restart.deadline == Long.MAX_VALUE) {
            return;
        }
        if (task.sleepTimer == null) {
            task.sleepTimer = kernel.socket().sleepTimer(task);
        }
        task.sleepTimer.arm(task.restart.deadline);
    }
}
