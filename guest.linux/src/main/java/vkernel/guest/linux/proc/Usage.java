package vkernel.guest.linux.proc;

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
            sum += userTime(task);
        }
        return sum;
    }

    /** System time of all threads, ended ones included. */
    public static long systemTime(Process process) {
        long sum = process.systemTime;
        for (Task task : process.threads) {
            sum += task.systemTime;
        }
        return sum;
    }

    /** User time of a thread, with what it has run since it was put on its hart. */
    public long userTime(Task task) {
        boolean elsewhere = task.state == Task.State.RUNNING && task != kernel.current();
        return task.userTime + (elsewhere ? Math.max(0, kernel.now() - task.runningSince) : 0);
    }

    void ofThread(Task task) {
        put(userTime(task), task.systemTime);
        counts(task);
        peak(task);
    }

    void ofProcess(Process process) {
        put(userTime(process), systemTime(process));
        long voluntary = 0;
        long involuntary = 0;
        long minor = process.minorFaults;
        long major = process.majorFaults;
        for (Task task : process.threads) {
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
        if (leader != null) {
            peak(leader);
        }
    }

    void ofChildren(Process process) {
        put(process.childrenUserTime, process.childrenSystemTime);
    }

    /** A child that is waited for: it and its own children. */
    void ofEnded(Process child) {
        put(userTime(child) + child.childrenUserTime, systemTime(child) + child.childrenSystemTime);
        user.put64(64, child.minorFaults);
        user.put64(72, child.majorFaults);
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

    private void peak(Task task) {
        AddressSpace memory = task.memory;
        if (memory != null) {
            user.put64(32, memory.peakPages * 4);
        }
    }
}
