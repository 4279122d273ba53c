package vkernel.kern;

import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.abi.Abi;
import vkernel.dev.CharDevice;
import vkernel.dev.Streams;
import vkernel.fs.FileSystemType;
import vkernel.fs.Vfs;
import vkernel.net.Gateway;
import vkernel.net.NetStack;
import vkernel.sched.SchedPolicy;
import vkernel.task.CloneArgs;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.Replacement;
import vkernel.vm.Vm;

/**
 * What the code of the kernel does for subsystems. Unless said otherwise every method is called with the kernel lock
 * held.
 */
@ProviderType
public interface KernelCalls {
    // --- time -------------------------------------------------------------------------------------------------------

    /** Monotonic nanoseconds since boot: what {@code rdtime} reads in user mode. No lock needed. */
    long now();

    /** Nanoseconds since 1970. No lock needed. */
    long realtime();

    void setRealtime(long nanos);

    // --- the machine ------------------------------------------------------------------------------------------------

    /** Number of harts; they are numbered from 0. */
    int harts();

    /** Fills an array with random bytes. No lock needed. */
    void random(byte[] to);

    /** Writes a line to the host channel {@code trace}; it is dropped when the host has none. */
    void trace(String line);

    // --- subsystems -------------------------------------------------------------------------------------------------

    Vm vm();

    Vfs vfs();

    Abi abi();

    SchedPolicy sched();

    Streams streams();

    /** Sockets; never filled in a kernel that is composed without. */
    Slot<NetStack> net();

    /** The way out of the machine; never filled in a kernel that is composed without. */
    Slot<Gateway> gateway();

    /** Which page goes when memory is short; never filled in a kernel that is composed without. */
    Slot<Replacement> replacement();

    /** A file system by name, whether or not it has a provider now; null when it was never there. */
    @Nullable
    Slot<FileSystemType> fileSystem(String name);

    /** Names of the file systems there are. */
    List<String> fileSystems();

    /**
     * A device by kind and number; null when no driver ever claimed it.
     *
     * @param block whether it is a block device, else one of characters; each kind has numbers of its own
     */
    @Nullable
    Slot<CharDevice> device(long rdev, boolean block);

    /** The drivers of character devices there are. */
    List<CharDevice> devices();

    /** Names of the policies there are. */
    List<String> schedPolicies();

    /**
     * Hands all tasks to another policy.
     *
     * @return 0, or -ENOENT when there is none of that name
     */
    int switchSched(String policy);

    // --- waiting and waking -----------------------------------------------------------------------------------------

    /** Makes every task on the queue runnable; each makes its call again. */
    void wake(WaitQueue queue);

    /** Makes at most {@code count} tasks runnable, oldest first. @return how many */
    int wake(WaitQueue queue, int count);

    /** Makes one task runnable whatever it waits for. */
    void wake(Task task);

    // --- tasks ------------------------------------------------------------------------------------------------------

    /** The task whose trap is being handled on this thread; null outside a trap. */
    @Nullable
    Task current();

    /** clone(2): a new thread or process. @return its tid, or a negative error number */
    long clone(Task parent, CloneArgs args);

    /** Ends one thread; the last one ends the process. */
    void exit(Task task, int status);

    /** Ends a process with all its threads. @param status as wait4(2) reports it: {@code code << 8} or a signal */
    void exitGroup(Process process, int status);

    /** For execve(2): ends every other thread, and makes this one the leader. */
    void becomeOnlyThread(Task task);

    /** Forgets a zombie that has been waited for, and adds its times to the parent's. */
    void reap(Process zombie);

    /** setpgid(2), setsid(2) without their checks: moves a process. */
    void moveToGroup(Process process, int pgid);

    void newSession(Process process);

    /** sched_yield(2). */
    void yield(Task task);

    /** setpriority(2) without its checks. @param nice -20 to 19 */
    void renice(Task task, int nice);

    // --- signals ----------------------------------------------------------------------------------------------------

    /** Sends a signal to a process, to be taken by any of its threads that does not block it. */
    void signal(Process process, SigInfo info);

    /** Sends a signal to one thread. */
    void signal(Task task, SigInfo info);

    /** Sends a signal to every process of a group; a group without processes is no error. */
    void signalGroup(int pgid, SigInfo info);

    /**
     * Sends a signal that the task cannot ignore or block, because it is at fault (SIGSEGV, SIGBUS, SIGILL, SIGFPE,
     * SIGTRAP).
     */
    void forceSignal(Task task, SigInfo info);

    /** After a change of mask or action: looks again whether a signal is to be delivered. */
    void recheckSignals(Task task);

    /** Whether a signal would be delivered now. */
    boolean signalPending(Task task);

    // --- tracing ----------------------------------------------------------------------------------------------------

    /** Begins to trace a thread, which goes on as it is. */
    void trace(Task task, Process tracer, boolean seized);

    /**
     * Lets a thread go on that is stopped for its tracer, which has set what it wants next in {@link Task#tracing}.
     *
     * @param signal delivered now, if it was stopped for a signal, or sent; 0 for none
     */
    void resumeTraced(Task task, int signal);

    /** Stops tracing a thread, and lets it go on. */
    void detach(Task task, int signal);

    /** PTRACE_LISTEN: a traced thread stays stopped until the stop of its whole process ends, and stops anew then. */
    void listen(Task task);

    /** Makes a traced thread stop for {@link vkernel.task.Tracing#event} soon, whatever it does. */
    void interruptTraced(Task task);

    // --- from outside -----------------------------------------------------------------------------------------------

    /**
     * Starts a program. Any thread.
     *
     * @param exited told the status as a shell has it (128 + n for signal n), with the kernel lock held
     * @return the process, or a negative error number
     */
    Result<Process> spawn(Spawn program, IntConsumer exited);

    /** Ends the kernel: no user code runs any more. Any thread. */
    void shutdown(End end);

    /** Whether user code can run: it has come up, nothing is missing, and it has not ended. */
    boolean running();

    /** What is missing before user code can run, in words; empty when nothing is. */
    List<String> missing();

    Dmesg dmesg();
}
