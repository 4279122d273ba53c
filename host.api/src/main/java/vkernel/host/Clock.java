package vkernel.host;

import org.osgi.annotation.versioning.ProviderType;

/** A machine's clock. Any thread may read it. */
@ProviderType
public interface Clock {
    /** Nanoseconds since the machine started; never goes back. What {@code rdtime} reads, at 1 GHz. */
    long monotonic();

    /** What {@link #origin} is of time that does not pass with the host's. */
    long NO_ORIGIN = 0;

    /**
     * What {@link System#nanoTime} was when {@link #monotonic} was 0, for an engine whose code reads the host's clock itself: true
     * until the hart leaves user code or its attention is asked for. {@link #NO_ORIGIN} when the time must be asked for each time.
     */
    long origin();

    /** Nanoseconds since 1970-01-01 UTC. */
    long realtime();

    /** Sets {@link #realtime}; {@link #monotonic} goes on as it was. */
    void setRealtime(long nanos);

    /**
     * In virtual time: notes instructions retired by a hart, one nanosecond each. In real time: nothing.
     */
    void retired(long instructions);

    /**
     * Waits, on a hart's thread, until {@code deadline} or a {@link #wake} of this hart. In virtual time the clock
     * jumps to the earliest deadline at once when every hart that has been started is idle. It may return early: the
     * caller looks at the time.
     *
     * @param deadline monotonic nanoseconds; {@code Long.MAX_VALUE} for none
     */
    void idle(int hart, long deadline);

    /** Ends the wait of a hart in {@link #idle}, or its next one if it does not wait now. Any thread. */
    void wake(int hart);
}
