package vkernel.task;

/**
 * What of a blocked system call must survive until it is made again (Linux: struct restart_block, for every call).
 *
 * <p>How a call blocks, wakes and is interrupted:
 * <ol>
 *   <li>The handler puts the task on queues (or none), sets {@link #deadline} and {@link #onSignal}, and returns
 *       {@link vkernel.kern.Kernel#BLOCKED}; the personality then sets {@link #active}. The pc stays at the
 *       {@code ecall}.
 *   <li>If a signal can be delivered at that moment ({@link vkernel.kern.Kernel#signalPending}) the task does not
 *       sleep: it is taken off its queues and the signal is dealt with as in 4. Otherwise it sleeps.
 *   <li>Whatever wakes it (a queue, the deadline, a signal), the call is made again first, with {@code active} set: a
 *       call that can complete now completes, and no event that it has consumed is lost. If it blocks again, 2.
 *   <li>A signal: one without a handler stops or ends the task as ever, and a stopped task makes its call again when it
 *       is continued. For one with a handler guest.kern asks {@link vkernel.abi.Abi#interrupted}: a result goes to a0
 *       behind the {@code ecall}; BLOCKED leaves the pc at it. Then {@link vkernel.abi.Abi#deliver}. While
 *       {@link OnSignal#KILL_ONLY} holds, handlers wait until the call completes; only a fatal signal ends the wait.
 *   <li>When a call completes, the personality clears the record, and puts {@link #savedMask} back if
 *       {@link #restoreMask} is set; when a handler is delivered instead, its frame holds {@code savedMask} so that
 *       rt_sigreturn puts it back.
 * </ol>
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

    /** Of a call that does several things one after the other (recvmmsg), how many are done; {@link #done} is the next's. */
    public int index;

    /**
     * A number that names this wait, for a provider that keeps a note of it (a FIFO's open, a record lock): the note is
     * void once the task has another ticket. 0 for none.
     */
    public long ticket;

    /** Signal mask to put back when the call ends (ppoll, rt_sigsuspend), if {@link #restoreMask}. */
    public long savedMask;

    public boolean restoreMask;

    /** Forgets the call, but not the mask to restore. */
    public void clear() {
        active = false;
        onSignal = OnSignal.RESTART;
        deadline = Long.MAX_VALUE;
        done = 0;
        index = 0;
        ticket = 0;
    }
}
