package vkernel.kern;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.task.ProcessTable;
import vkernel.task.Task;

/**
 * What subsystems may ask of a running kernel. The OSGi service is a {@link KernelSlot}, which is there for ever; the
 * code behind it can be replaced. Here: what the socket answers by itself. Of {@link KernelCalls}: what the code does.
 * Unless said otherwise every method is called with the kernel lock held.
 */
@ProviderType
public interface Kernel extends KernelCalls {
    /**
     * What a handler returns after it has put its task on a wait queue ({@link Task#waitOn}): the pc stays at the
     * {@code ecall}, and when the task is woken the call is made again from the start.
     */
    long BLOCKED = Long.MIN_VALUE;

    /** What a system call returns that has set the registers itself (rt_sigreturn, execve). */
    long NO_RESULT = Long.MIN_VALUE + 1;

    KernelConfig config();

    // --- lock -------------------------------------------------------------------------------------------------------

    /** Takes the kernel lock. Any thread; a trap handler holds it already. It is reentrant. */
    void lock();

    void unlock();

    /** Does something with the kernel lock held. Any thread. */
    <T> T call(Supplier<T> action);

    // --- time -------------------------------------------------------------------------------------------------------

    Timer timer(Runnable action);

    // --- the machine ------------------------------------------------------------------------------------------------

    /** What uname(2) calls this system; at first {@link KernelConfig#hostname}. */
    String hostname();

    /** sethostname(2) without its checks. */
    void setHostname(String name);

    // --- waiting and waking -----------------------------------------------------------------------------------------

    /** Makes an interrupt line. */
    Irq irq(String name, Runnable handler);

    // --- tasks ------------------------------------------------------------------------------------------------------

    ProcessTable processes();

    // --- from outside -----------------------------------------------------------------------------------------------

    /** How it ended, once it has. */
    CompletionStage<End> ended();

    /** Numbers that people ask for: context switches, interrupts, forks since boot, oopses. */
    KernelStats stats();
}
