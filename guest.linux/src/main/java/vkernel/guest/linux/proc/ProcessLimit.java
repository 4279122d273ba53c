package vkernel.guest.linux.proc;

import vkernel.kern.Kernel;
import vkernel.task.Limits;
import vkernel.task.Task;

/** RLIMIT_NPROC: how many tasks the user of a process may have (getrlimit(2)). Root may have any number. */
public final class ProcessLimit {
    /** Whether a user who has so many tasks more than there are now is above the limit of a task's process. */
    static boolean above(Kernel kernel, Task task, int uid, int more) {
        long limit = task.process.softLimits[Limits.NPROC];
        if (limit == Limits.INFINITY || uid == 0) {
            return false;
        }
        long tasks = kernel.processes().tasks().stream()
                .filter(each -> each.credentials.uid() == uid)
                .count();
        return tasks + more > limit;
    }

    /**
     * Whether execve(2) is refused: a change of user ids, which does not fail for it, went above the limit of the new
     * user, who still is above it.
     */
    public static boolean refuses(Kernel kernel, Task task) {
        task.tooMany = task.tooMany && above(kernel, task, task.credentials.uid(), 0);
        return task.tooMany;
    }

    private ProcessLimit() {}
}
