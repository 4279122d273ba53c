package vkernel.fs;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Timer;
import vkernel.task.WaitQueue;

/** What a timerfd_create(2) holds. Plain data; times are nanoseconds by its clock. */
public final class TimerFile {
    /** CLOCK_* of clock_gettime(2). */
    public final int clock;
    /** When it expires next; 0 when it is not armed. */
    public long expires;
    /** 0 for once. */
    public long interval;
    /** Expirations not read yet. */
    public long expirations;
    /** Whether reads are told when the time of day is set (TFD_TIMER_CANCEL_ON_SET). */
    public boolean cancels;
    /** They are to be told. */
    public boolean canceled;
    /** Runs when it expires; null until it is armed first. */
    public @Nullable Timer timer;

    public final WaitQueue forExpiry = new WaitQueue();

    public TimerFile(int clock) {
        this.clock = clock;
    }
}
