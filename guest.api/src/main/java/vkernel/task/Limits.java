package vkernel.task;

import java.util.Arrays;

/** Resource limits (getrlimit(2)), by their riscv numbers. */
public final class Limits {
    public static final int CPU = 0;
    public static final int FSIZE = 1;
    public static final int DATA = 2;
    public static final int STACK = 3;
    public static final int CORE = 4;
    public static final int RSS = 5;
    public static final int NPROC = 6;
    public static final int NOFILE = 7;
    public static final int MEMLOCK = 8;
    public static final int AS = 9;
    public static final int LOCKS = 10;
    public static final int SIGPENDING = 11;
    public static final int MSGQUEUE = 12;
    public static final int NICE = 13;
    public static final int RTPRIO = 14;
    public static final int RTTIME = 15;
    public static final int COUNT = 16;
    public static final long INFINITY = -1;

    /** The limits of the first process. */
    public static void initial(Process process, int maxProcesses) {
        Arrays.fill(process.softLimits, INFINITY);
        Arrays.fill(process.hardLimits, INFINITY);
        set(process, STACK, 8 << 20, INFINITY);
        set(process, CORE, 0, INFINITY);
        set(process, NPROC, maxProcesses, maxProcesses);
        set(process, NOFILE, 1024, 1 << 20);
        set(process, MEMLOCK, 8 << 20, 8 << 20);
        set(process, SIGPENDING, SigQueue.LIMIT, SigQueue.LIMIT);
        set(process, MSGQUEUE, 819200, 819200);
        set(process, NICE, 0, 0);
        set(process, RTPRIO, 0, 0);
    }

    private static void set(Process process, int limit, long soft, long hard) {
        process.softLimits[limit] = soft;
        process.hardLimits[limit] = hard;
    }

    private Limits() {}
}
