package vkernel.task;

/**
 * What of a blocked system call must survive until it is made again (Linux: struct restart_block, for every call).
 * Cleared when the call completes.
 */
public final class Restart {
    /** What becomes of a blocked call when a signal handler is to run. */
    public enum OnSignal {
        /** Made again if the handler has SA_RESTART, else -EINTR (ERESTARTSYS). */
        RESTART,
        /** -EINTR whenever a handler runs (ERESTARTNOHAND): poll, nanosleep, pause, futex with a timeout. */
        EINTR,
        /** Goes on waiting; only SIGKILL ends it (vfork). */
        KILL_ONLY
    }

    /** Whether a call is under way, that is, has blocked at least once. */
    public boolean active;

    public OnSignal onSignal = OnSignal.RESTART;

    /** The absolute end of the wait, monotonic nanoseconds; {@code Long.MAX_VALUE} for none. */
    public long deadline = Long.MAX_VALUE;

    /** What has been done already: bytes written, the child made; 0 for nothing. */
    public long done;

    /** Signal mask to put back when the call ends (ppoll, rt_sigsuspend), if {@link #restoreMask}. */
    public long savedMask;

    public boolean restoreMask;

    public void clear() {
        active = false;
        onSignal = OnSignal.RESTART;
        deadline = Long.MAX_VALUE;
        done = 0;
    }
}
