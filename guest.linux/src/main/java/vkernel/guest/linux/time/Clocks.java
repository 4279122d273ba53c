package vkernel.guest.linux.time;

import static vkernel.kern.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.proc.Usage;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;

/** What clock numbers mean (clock_gettime(2)). */
public final class Clocks {
    public static final int REALTIME = 0;
    public static final int MONOTONIC = 1;
    public static final int PROCESS_CPUTIME = 2;
    public static final int THREAD_CPUTIME = 3;
    static final int MONOTONIC_RAW = 4;
    static final int REALTIME_COARSE = 5;
    static final int MONOTONIC_COARSE = 6;
    public static final int BOOTTIME = 7;
    static final int REALTIME_ALARM = 8;
    static final int BOOTTIME_ALARM = 9;
    public static final int TAI = 11;
    /** Private numbers for setitimer(2): user time, user and system time of a process. */
    static final int ITIMER_VIRTUAL = 100;

    static final int ITIMER_PROF = 101;

    private static final int DYNAMIC_THREAD = 4;
    private static final int DYNAMIC_KIND = 3;

    private final Kernel kernel;
    private final Usage usage;

    public Clocks(Kernel kernel, Usage usage) {
        this.kernel = kernel;
        this.usage = usage;
    }

    /** Nanoseconds, or -EINVAL when the task knows no such clock. */
    long read(Task task, int clock) {
        return switch (clock) {
            case REALTIME, REALTIME_COARSE, REALTIME_ALARM, TAI -> kernel.realtime();
            case MONOTONIC, MONOTONIC_RAW, MONOTONIC_COARSE, BOOTTIME, BOOTTIME_ALARM -> kernel.now();
            case PROCESS_CPUTIME -> processTime(task.process);
            case THREAD_CPUTIME -> threadTime(task);
            default -> clock < 0 ? dynamic(task, clock) : -EINVAL;
        };
    }

    long processTime(Process process) {
        return usage.userTime(process) + Usage.systemTime(process);
    }

    long userTime(Process process) {
        return usage.userTime(process);
    }

    long threadTime(Task task) {
        return usage.userTime(task) + task.systemTime;
    }

    /** A number made of a process or thread id, inverted, and the kind of its CPU time (clock_getcpuclockid(3)). */
    private long dynamic(Task task, int clock) {
        int id = ~(clock >> 3);
        int kind = clock & DYNAMIC_KIND;
        if (kind == DYNAMIC_KIND) {
            return -EINVAL;
        }
        if ((clock & DYNAMIC_THREAD) != 0) {
            @Nullable Task thread = id == 0 ? task : kernel.processes().task(id);
            return thread == null || thread.process != task.process
                    ? -EINVAL
                    : kind == 1 ? usage.userTime(thread) : threadTime(thread);
        }
        @Nullable Process process = id == 0 ? task.process : kernel.processes().process(id);
        return process == null ? -EINVAL : kind == 1 ? usage.userTime(process) : processTime(process);
    }

    /** Whether a clock goes as {@link #REALTIME} does. */
    public static boolean realtime(int clock) {
        return clock == REALTIME || clock == REALTIME_COARSE || clock == REALTIME_ALARM || clock == TAI;
    }

    /** Whether timers of a clock would wake a sleeping machine, which not everybody may. */
    public static boolean wakes(int clock) {
        return clock == REALTIME_ALARM || clock == BOOTTIME_ALARM;
    }

    /** Whether sleeping on a clock, and timers of a clock, follow time and not work done. */
    public static boolean elapses(int clock) {
        return clock == REALTIME
                || clock == MONOTONIC
                || clock == BOOTTIME
                || clock == REALTIME_ALARM
                || clock == BOOTTIME_ALARM
                || clock == TAI;
    }
}
