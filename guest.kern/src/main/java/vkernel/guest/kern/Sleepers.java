package vkernel.guest.kern;

import vkernel.task.Task;

/** Ends the waits of tasks that have a deadline (Linux: kernel/time/sleep_timeout.c). Kernel lock held. */
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
            task.sleepTimer = kernel.timers.timer(() -> kernel.dispatcher.wake(task));
        }
        task.sleepTimer.arm(task.restart.deadline);
    }

    /** Takes over: the timers of those who sleep are made anew, of this code. */
    void arm() {
        for (Task task : kernel.processes.tasks()) {
            if (task.state == Task.State.BLOCKED) {
                sleep(task);
            }
        }
    }

    /** Gives up: nothing of this code stays on a task. */
    void disarm() {
        for (Task task : kernel.processes.tasks()) {
            if (task.sleepTimer != null) {
                task.sleepTimer.arm(Long.MAX_VALUE);
                task.sleepTimer = null;
            }
        }
    }
}
