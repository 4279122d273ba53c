package vkernel.task;

import org.jspecify.annotations.Nullable;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.kern.Timer;
import vkernel.vm.AddressSpace;

/**
 * A thread of user code (Linux: struct task_struct). Plain data; guarded by the kernel lock, but for {@link #regs},
 * which belong to the hart while the task is {@link State#RUNNING}.
 */
public final class Task {
    public enum State {
        /** In the scheduler's hands. */
        RUNNABLE,
        /** On a hart. */
        RUNNING,
        /** On wait queues, or until {@link Restart#deadline}. */
        BLOCKED,
        /** By a stop signal. */
        STOPPED,
        /** Ended. */
        DEAD
    }

    /** Changes once at most: when a thread that is not the leader calls execve(2), it becomes the leader. */
    public int tid;

    public Process process;

    /** See {@link Registers}. */
    public final long[] regs = new long[Registers.SIZE];

    public State state = State.BLOCKED;
    public final Restart restart = new Restart();

    /** Null once the task has let go of it (exit). */
    public @Nullable AddressSpace memory;

    public FdTable files;
    public FsContext fs;
    public SigHandlers handlers;
    public Credentials credentials;
    /** A change of user ids found more tasks of the new user than RLIMIT_NPROC allows: execve(2) asks again. */
    public boolean tooMany;

    /** Blocked signals. */
    public long sigMask;
    /** Signals for this thread alone. */
    public final SigQueue pending = new SigQueue();
    /** sigaltstack(2): base and size; size 0 for none. */
    public long altStack;

    public long altStackSize;
    public int altStackFlags;

    /** Up to 15 bytes (prctl PR_SET_NAME). */
    public String comm = "";

    /** Zeroed and woken when the thread ends (set_tid_address(2)); 0 for none. */
    public long clearChildTid;

    public long robustList;
    /** vfork(2): the parent waits here until this task execs or ends. */
    public final WaitQueue vforkDone = new WaitQueue();

    public boolean vforkParentWaits;
    /** Asked to end: it goes before it runs user code again. */
    public boolean killed;

    /** Set for a task whose calls come from outside: it has no program, and never runs user code. */
    public @Nullable Client client;

    /** Set while another process traces it (ptrace(2)). */
    public @Nullable Tracing tracing;

    // scheduling
    /** -20 to 19. */
    public int nice;
    /** SCHED_OTHER 0, SCHED_BATCH 3 or SCHED_IDLE 5 of sched(7). */
    public int policy;
    /** ioprio_set(2): class and level. */
    public int ioPriority;
    /** Harts that it may run on, as bits. */
    public long affinity = -1;
    /** The hart that it ran on last. */
    public int hart;
    /** Weighted run time, of the fair policy; nanoseconds at nice 0. */
    public long vruntime;
    /** When it was put on a hart, monotonic nanoseconds. */
    public long runningSince;
    /** Soft: where the policy keeps it. Rebuilt when a policy takes over. */
    public @Nullable Task nextRunnable;

    // accounts, nanoseconds and counts
    public long userTime;
    public long systemTime;
    public long startTime;
    public long minorFaults;
    public long majorFaults;
    public long voluntarySwitches;
    public long involuntarySwitches;

    /** Ends a wait at {@link Restart#deadline}. Made at the first such wait, by {@link vkernel.kern.KernelSlot#sleepTimer}. */
    public @Nullable Timer sleepTimer;

    private WaitQueue.@Nullable Node[] nodes = new WaitQueue.Node[1];
    private int waiting;

    public Task(int tid, Process process, FdTable files, FsContext fs, SigHandlers handlers, Credentials credentials) {
        this.tid = tid;
        this.process = process;
        this.files = files;
        this.fs = fs;
        this.handlers = handlers;
        this.credentials = credentials;
    }

    /** The task's memory; for a task that has not let go of it. */
    public AddressSpace memory() {
        AddressSpace now = memory;
        if (now == null) {
            throw new IllegalStateException("task " + tid + " has ended");
        }
        return now;
    }

    /** Puts the task on a queue; the handler then returns {@link vkernel.kern.Kernel#BLOCKED}. */
    public void waitOn(WaitQueue queue) {
        if (waiting == nodes.length) {
            nodes = java.util.Arrays.copyOf(nodes, waiting * 2);
        }
        WaitQueue.Node node = nodes[waiting];
        if (node == null) {
            node = nodes[waiting] = new WaitQueue.Node(this);
        }
        waiting++;
        queue.add(node);
    }

    /** Takes the task off every queue. */
    public void stopWaiting() {
        while (waiting > 0) {
            WaitQueue.Node node = nodes[--waiting];
            if (node != null && node.queue != null) {
                node.queue.remove(node);
            }
        }
    }

    /** Number of queues that it is on. */
    public int waiting() {
        return waiting;
    }

    /** {@link WaitQueue#wakes} of the queues that it is on, from the n-th on, added up. */
    public long wakes(int from) {
        long sum = 0;
        for (int i = from; i < waiting; i++) {
            WaitQueue.Node node = nodes[i];
            if (node != null && node.queue != null) {
                sum += node.queue.wakes;
            }
        }
        return sum;
    }

    /** Whether it is the first thread of its process. */
    public boolean leader() {
        return tid == process.pid;
    }

    @Override
    public String toString() {
        return comm + "[" + tid + "]";
    }
}
