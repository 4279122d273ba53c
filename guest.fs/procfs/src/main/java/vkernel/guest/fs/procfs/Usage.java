package vkernel.guest.fs.procfs;

import vkernel.task.Process;
import vkernel.task.Task;

/** What a thread or a process has used so far; times in nanoseconds. */
record Usage(long userTime, long systemTime, long minorFaults, long majorFaults) {
    static Usage of(Task task) {
        return new Usage(task.userTime, task.systemTime, task.minorFaults, task.majorFaults);
    }

    /** Ended threads, which the process has counted already, and those that run. */
    static Usage of(Process process) {
        Usage sum = new Usage(process.userTime, process.systemTime, process.minorFaults, process.majorFaults);
        for (Task task : process.threads) {
            if (task.state != Task.State.DEAD) {
                sum = sum.plus(of(task));
            }
        }
        return sum;
    }

    private Usage plus(Usage more) {
        return new Usage(
                userTime + more.userTime,
                systemTime + more.systemTime,
                minorFaults + more.minorFaults,
                majorFaults + more.majorFaults);
    }
}
