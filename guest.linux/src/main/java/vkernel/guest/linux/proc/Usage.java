package vkernel.guest.linux.proc;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** What a process or thread has used: times in nanoseconds, and struct rusage (getrusage(2)) in the scratch array. */
public final class Usage {
    static final int SIZE = 144;

    private final Kernel kernel;
    private final User user;
    private final Times times;

    public Usage(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        times = new Times(user);
    }

    /** User time of all threads, ended ones included. */
    public long userTime(Process process) {
        long sum = process.userTime;
        for (Task task : process.threads) {
            sum += ended(task) ? 0 : userTime(task);
        }
        return sum;
    }

    /** System time of all threads, ended ones included. */
    public static long systemTime(Process process) {
        long sum = process.systemTime;
        for (Task task : process.threads) {
            sum += ended(task) ? 0 : task.systemTime;
        }
        return sum;
    }

    /** Its times are in the process's already; the last thread of a zombie is still among its threads. */
    private static boolean ended(Task task) {
        return task.state == Task.State.DEAD;
    }

    /** User time of a thread, with what it has run since it was put on its hart. */
    public long userTime(Task task) {
        boolean elsewhere = task.state == Task.State.RUNNING && task != kernel.current();
        return task.userTime + (elsewhere ? Math.max(0, kernel.now() - task.runningSince) : 0);
    }

    void ofThread(Task task) {
        put(userTime(task), task.systemTime);
        counts(task);
        peak(task.process.peakPages, task.memory);
    }

    void ofProcess(Process process) {
        put(userTime(process), systemTime(process));
        long voluntary = 0;
        long involuntary = 0;
        long minor = process.minorFaults;
        long major = process.majorFaults;
        for (Task task : process.threads) {
            if (ended(task)) {
                continue;
            }
            voluntary += task.voluntarySwitches;
            involuntary += task.involuntarySwitches;
            minor += task.minorFaults;
            major += task.majorFaults;
        }
        user.put64(64, minor);
        user.put64(72, major);
        user.put64(128, voluntary);
        user.put64(136, involuntary);
        Task leader = process.leader();
        peak(process.peakPages, leader == null ? null : leader.memory);
    }

    void ofChildren(Process process) {
        put(process.childrenUserTime, process.childrenSystemTime);
        peak(process.childrenPeakPages, null);
    }

    /** A child that is waited for: it and its own children. */
    void ofEnded(Process child) {
        put(userTime(child) + child.childrenUserTime, systemTime(child) + child.childrenSystemTime);
        user.put64(64, child.minorFaults);
        user.put64(72, child.majorFaults);
        peak(Math.max(child.peakPages, child.childrenPeakPages), null);
    }

    private void put(long userTime, long systemTime) {
        user.zero(SIZE);
        times.putTimeval(0, userTime);
        times.putTimeval(16, systemTime);
    }

    private void counts(Task task) {
        user.put64(64, task.minorFaults);
        user.put64(72, task.majorFaults);
        user.put64(128, task.voluntarySwitches);
        user.put64(136, task.involuntarySwitches);
    }

    /** Kilobytes. @param now the memory in use, null for none */
    private void peak(long before, @Nullable AddressSpace now) {
        user.put64(32, Math.max(before, now == null ? 0 : now.peakPages) * 4);
    }
}
