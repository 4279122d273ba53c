package vkernel.guest.linux.time;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Kernel;
import vkernel.kern.Timer;
import vkernel.task.IntervalTimer;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;

/**
 * RLIMIT_CPU (getrlimit(2)): SIGXCPU at the soft limit and every second of CPU time behind it, SIGKILL at the hard one.
 * The time used is looked at when a limit could have been reached at the earliest.
 */
public final class CpuLimit {
    private static final long SECOND = 1_000_000_000L;
    private static final long LEAST_LOOK = 1_000_000;
    private static final long MOST_SECONDS = Long.MAX_VALUE / SECOND / 2;

    private final Kernel kernel;
    private final Clocks clocks;

    public CpuLimit(Kernel kernel, Clocks clocks) {
        this.kernel = kernel;
        this.clocks = clocks;
    }

    /** After the limit was set, or inherited. */
    public void watch(Process process) {
        long soft = seconds(process.softLimits[Limits.CPU]);
        IntervalTimer limit = process.cpuLimit;
        if (soft == MOST_SECONDS && limit == null) {
            return;
        }
        if (limit == null) {
            limit = process.cpuLimit = new IntervalTimer(-1, Clocks.PROCESS_CPUTIME);
            limit.timer = kernel.timer(() -> look(process));
        }
        // A limit of 0 seconds is one of a second, as in Linux.
        limit.expires = Math.max(1, soft) * SECOND;
        arm(process, limit);
    }

    /** Gives up a process's limit, for a successor. */
    public static void release(Process process) {
        Timers.release(process.cpuLimit);
    }

    /** Takes over a process's limit, which another provider has watched. */
    public void adopt(Process process) {
        IntervalTimer limit = process.cpuLimit;
        if (limit != null) {
            limit.timer = kernel.timer(() -> look(process));
            arm(process, limit);
        }
    }

    private static long seconds(long limit) {
        return limit < 0 ? MOST_SECONDS : Math.min(limit, MOST_SECONDS);
    }

    private void arm(Process process, IntervalTimer limit) {
        @Nullable Timer timer = limit.timer;
        if (timer == null || limit.expires >= MOST_SECONDS * SECOND) {
            return;
        }
        long hard = seconds(process.hardLimits[Limits.CPU]) * SECOND;
        long left = Math.min(limit.expires, hard) - clocks.processTime(process);
        int speed = Math.max(1, Math.min(kernel.harts(), process.threads.size()));
        timer.arm(kernel.now() + Math.max(LEAST_LOOK, left / speed));
    }

    private void look(Process process) {
        IntervalTimer limit = process.cpuLimit;
        if (limit == null || process.exiting) {
            return;
        }
        long used = clocks.processTime(process);
        if (used >= seconds(process.hardLimits[Limits.CPU]) * SECOND) {
            kernel.signal(process, SigInfo.kernel(Signal.SIGKILL));
            return;
        }
        if (used >= limit.expires) {
            kernel.signal(process, SigInfo.kernel(Signal.SIGXCPU));
            limit.expires += SECOND;
        }
        arm(process, limit);
    }
}
