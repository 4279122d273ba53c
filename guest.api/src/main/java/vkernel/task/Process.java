package vkernel.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A thread group (Linux: struct signal_struct). Plain data, guarded by the kernel lock. */
public final class Process {
    public final int pid;
    /** Null only for process 1. */
    public @Nullable Process parent;

    public final List<Process> children = new ArrayList<>();
    public final List<Task> threads = new ArrayList<>();
    public int pgid;
    public Session session;

    /** Signals for the process as a whole. */
    public final SigQueue pending = new SigQueue();

    /** Parents wait here for news of their children (wait4(2)). */
    public final WaitQueue childNews = new WaitQueue();

    /** Sent to the parent at the end; 0 for none. */
    public int exitSignal = Signal.SIGCHLD;

    /** All threads are to end, or have ended. */
    public boolean exiting;
    /** All threads have ended; waits to be reaped. */
    public boolean zombie;
    /** As wait4(2) reports it. */
    public int exitStatus;

    /** The signal that stopped it; 0 when it is not stopped. */
    public int stopSignal;
    /** A stop that the parent has not been told of. */
    public boolean stopNews;
    /** A continuation that the parent has not been told of. */
    public boolean continueNews;
    /** Whether it called execve(2) since it was forked (setpgid's EACCES). */
    public boolean execed;

    public boolean childSubreaper;
    public boolean dumpable = true;
    public int parentDeathSignal;
    /** prctl(2) PR_SET_NO_NEW_PRIVS: execve grants nothing any more. */
    public boolean noNewPrivs;
    /** prctl(2) PR_SET_KEEPCAPS; cleared by execve(2). */
    public boolean keepCaps;

    /** Threads that it traces. */
    public final List<Task> tracees = new ArrayList<>(0);
    /** Ends of traced threads that it has not waited for. */
    public final List<Tracing.End> tracedEnds = new ArrayList<>(0);

    /** Soft and hard limits by RLIMIT_*, see {@link Limits}. */
    public final long[] softLimits = new long[Limits.COUNT];

    public final long[] hardLimits = new long[Limits.COUNT];

    /** Times of ended threads, and of reaped children, nanoseconds. */
    public long userTime;

    public long systemTime;
    public long childrenUserTime;
    public long childrenSystemTime;
    public long minorFaults;
    public long majorFaults;
    /** Most pages of memory ever present, of address spaces given up and of children waited for (ru_maxrss). */
    public long peakPages;

    public long childrenPeakPages;
    public long startTime;

    /** Whoever wants to know that it has ended waits here (pidfd_open(2)); woken when it becomes a zombie. */
    public final WaitQueue gone = new WaitQueue();

    /** setitimer(2): ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF; null until used. A timer of an ended process is dead. */
    public final @Nullable IntervalTimer[] itimers = new IntervalTimer[3];

    /** RLIMIT_CPU's timer; null until there is such a limit. */
    public @Nullable IntervalTimer cpuLimit;

    /** timer_create(2), by id. */
    public final Map<Integer, IntervalTimer> timers = new TreeMap<>();

    /** What was executed: path in the guest, and the command line's arguments. */
    public String exePath = "";

    public int oomScoreAdj;

    /** Who logged in, whoever the process is since (proc_pid_loginuid(5)), and the number of that login; -1 for nobody. */
    public int loginUid = -1;

    public int login = -1;

    public Process(int pid, Session session) {
        this.pid = pid;
        this.session = session;
        this.pgid = session.sid;
    }

    /** The thread that lends the process its name, memory and identity; null once all have ended. */
    public @Nullable Task leader() {
        return threads.isEmpty() ? null : threads.getFirst();
    }

    @Override
    public String toString() {
        return "Process[" + pid + "]";
    }
}
