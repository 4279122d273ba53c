package vkernel.abi;

import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Task;

/** A personality: the service of guest.linux, in the slot {@code abi}. Called with the kernel lock held, if not said. */
@ProviderType
public interface Abi {
    /**
     * Does the system call that the task's registers ask for.
     *
     * @return the result for a0; {@link vkernel.kern.Kernel#BLOCKED}; or {@link vkernel.kern.Kernel#NO_RESULT}
     */
    long syscall(Task task);

    /** What {@link #sharedCall} returns when the call needs the kernel lock. */
    long NEEDS_LOCK = Long.MIN_VALUE + 2;

    /**
     * Does the system call that the task's registers ask for, if it only looks at kernel objects: the kernel lock is
     * {@linkplain vkernel.kern.KernelLock#share shared}, and other harts do the same at the same time. Such a call
     * touches no user memory, and no buffer that tasks have in common.
     *
     * @return the result for a0; or NEEDS_LOCK with nothing done
     */
    default long sharedCall(Task task) {
        return NEEDS_LOCK;
    }

    /**
     * Ends a blocked call because a signal handler is to run; see {@link vkernel.task.Restart}. Writes what the call
     * owes its caller (the time that remains of a nanosleep) and clears the restart record.
     *
     * @param restart whether the handler has SA_RESTART
     * @return the result for a0: what was done already, or -EINTR; {@link vkernel.kern.Kernel#BLOCKED} when the call
     *     is to be made again after the handler: the pc stays at the {@code ecall}
     */
    long interrupted(Task task, boolean restart);

    /**
     * Makes the task run a signal handler: pushes a frame with its registers, sets the registers for the handler, and
     * does to its mask and its actions what the action's flags ask for (SA_NODEFER, SA_RESETHAND). The frame's mask is
     * {@link vkernel.task.Restart#savedMask} when {@code restoreMask} is set, else the task's.
     *
     * @return false when the stack cannot hold the frame: nothing has changed, and SIGSEGV is to be forced
     */
    boolean deliver(Task task, SigInfo info, SigAction action);

    /**
     * Pays what a thread owes in user memory when it lets go of it: the robust futexes that it holds, and
     * {@link Task#clearChildTid}, zeroed and woken. Called for every thread that ends, while it has its memory.
     */
    void exiting(Task task);

    /**
     * Replaces the task's program (execve(2)); it keeps the old one unless the result is 0.
     *
     * @param path looked up from the task's cwd
     * @param refused told in words what is wrong with a file that is there and cannot be run
     * @return 0, BLOCKED or -errno
     */
    long exec(Task task, String path, List<String> argv, List<String> env, Consumer<String> refused);

    /** How many objects there may be; whoever writes it is root. */
    Bounds bounds();

    /** What has been called so far, and how it went. */
    List<Calls> calls();

    /** Every call of the ABI and how much of it there is. */
    List<Entry> table();

    /** How much of a call there is. */
    enum Support {
        FULL,
        PARTIAL,
        /** Answers -ENOSYS. */
        MISSING
    }

    /** @param note what is left out of a partial call, or why a missing one is not there */
    record Entry(int number, String name, Support support, String note) {}

    record Calls(int number, String name, long count, long errors, boolean missing) {}
}
