package vkernel.task;

import org.jspecify.annotations.Nullable;

/**
 * What a tracer has to do with a task (ptrace(2)). Plain data. While it is stopped for its tracer a task is
 * {@link Task.State#STOPPED} and {@link #stop} is not 0.
 */
public final class Tracing {
    public static final int EVENT_FORK = 1;
    public static final int EVENT_VFORK = 2;
    public static final int EVENT_CLONE = 3;
    public static final int EVENT_EXEC = 4;
    public static final int EVENT_VFORK_DONE = 5;
    public static final int EVENT_EXIT = 6;
    public static final int EVENT_STOP = 128;

    /** PTRACE_O_TRACESYSGOOD; PTRACE_O_TRACE* of an event is {@code 1 << event}. */
    public static final int SYSGOOD = 1;

    public static final int EXITKILL = 0x100000;
    /** PTRACE_GETEVENTMSG at stops of system calls. */
    public static final int ENTRY = 1, EXIT = 2;

    public final Process tracer;
    /** By PTRACE_SEIZE rather than PTRACE_ATTACH or PTRACE_TRACEME. */
    public final boolean seized;

    public int options;

    /** Why it is stopped, as wait4(2) reports it above its lowest byte; 0 while it runs. */
    public int stop;
    /** The tracer has not been told of the stop. */
    public boolean news;
    /** The signal of the stop; null for a stop of the whole process. */
    public @Nullable SigInfo info;
    /** The stop is before the delivery of {@link #info}. */
    public boolean delivering;

    public long message;

    /** An event to stop for; 0 for none. */
    public int event;
    /** To stop at the next system call, or at the end of this one (PTRACE_SYSCALL). */
    public boolean calls;
    /** The call under way has been reported at its entry. */
    public boolean entered;
    /** The end of a call is to be reported. */
    public boolean exitDue;
    /**
     * The registers are shown as Linux has them inside a call: the pc behind the {@code ecall}, a0 something else than
     * the first argument, which is {@link #firstArgument}.
     */
    public boolean shown;

    public long firstArgument;
    /** Resumed from the entry of a call: that comes before any signal. */
    public boolean proceed;
    /** Taken for delivery, to be reported once the interrupted call has been. */
    public @Nullable SigInfo held;
    /** What the tracer lets through. */
    public @Nullable SigInfo through;
    /** Has been told of the stop of the whole process that is in effect. */
    public boolean groupStopSeen;
    /** Stays in its stop until that of the whole process ends, which is then a stop of its own (PTRACE_LISTEN). */
    public boolean listening;
    /** The stop of the whole process has ended since. */
    public boolean continued;
    /** Has been stopped because it ends. */
    public boolean exitSeen;

    public Tracing(Process tracer, boolean seized) {
        this.tracer = tracer;
        this.seized = seized;
    }

    public boolean wants(int event) {
        return (options & 1 << event) != 0;
    }

    /** The end of a traced thread, for its tracer's wait4(2). @param status as wait4 reports it */
    public record End(int tid, int status, int uid) {}
}
