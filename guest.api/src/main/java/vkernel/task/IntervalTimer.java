package vkernel.task;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Timer;

/** A timer of a process that sends a signal (timer_create(2), setitimer(2)). Plain data; times are nanoseconds. */
public final class IntervalTimer {
    /** SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD_ID of sigevent(7). */
    public static final int SIGNAL = 0;

    public static final int NONE = 1;
    public static final int THREAD_ID = 4;

    /** Its number for timer_settime(2); -1 for one of setitimer(2). */
    public final int id;
    /** CLOCK_* of clock_gettime(2). */
    public final int clock;

    public int notify;
    public int signal;
    /** sigev_value. */
    public long value;
    /** Thread that made it: whose CPU time it follows. */
    public int owner;
    /** Thread to be told, with {@link #THREAD_ID}. */
    public int tid;

    /** When it expires next, by its own clock; 0 when it is not armed. */
    public long expires;
    /** 0 for once. */
    public long interval;
    /** Expirations since the signal became pending. */
    public int overrun;
    /** Expirations that the last delivered signal stood for beside its own (timer_getoverrun(2)). */
    public int lastOverrun;

    /** Runs when it may have expired; null until it is armed first. */
    public @Nullable Timer timer;

    public IntervalTimer(int id, int clock) {
        this.id = id;
        this.clock = clock;
    }
}
