package vkernel.task;

/**
 * What a process wants done with a signal (struct sigaction).
 *
 * @param handler user address, or {@link #DEFAULT} or {@link #IGNORE}
 * @param flags SA_*
 * @param mask signals blocked while the handler runs
 */
public record SigAction(long handler, long flags, long mask) {
    public static final long DEFAULT = 0;
    public static final long IGNORE = 1;
    public static final long SA_NOCLDSTOP = 1;
    public static final long SA_NOCLDWAIT = 2;
    public static final long SA_SIGINFO = 4;
    public static final long SA_ONSTACK = 0x0800_0000;
    public static final long SA_RESTART = 0x1000_0000;
    public static final long SA_NODEFER = 0x4000_0000;
    public static final long SA_RESETHAND = 0x8000_0000L;

    public static final SigAction NONE = new SigAction(DEFAULT, 0, 0);

    public boolean has(long flag) {
        return (flags & flag) != 0;
    }
}
