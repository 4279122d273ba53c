package vkernel.kern;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
import vkernel.task.ProcessTable;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.Replacement;
import vkernel.vm.Vm;

/**
 * The socket of a kernel: what subsystems hold for ever while the code of the kernel is exchanged (an OSGi service, made
 * by whoever starts the kernel). The lock and the kernel's state are its own; the rest is asked of the
 * {@link KernelCode} that is in use now.
 *
 * <p>While there is none the state is kept here and guest time stands still; interrupts stay raised, and a call that
 * needs the code throws {@link IllegalStateException}.
 */
public final class KernelSlot implements Kernel, AutoCloseable {
    /** How long a hart that has not come out of user code is given until it is looked for again, nanoseconds. */
    private static final long LOOK = 50_000;

    private final KernelConfig config;
    private final KernelLock lock = new KernelLock();
    private final KernelState state;
    private final CompletableFuture<End> ended = new CompletableFuture<>();
    private final Succession succession;
    private final WovenClasses wovenClasses = new WovenClasses();

    private volatile @Nullable KernelCode code; // written with the lock held
    private volatile long stoppedAt; // what now() is while there is no code

    public KernelSlot(KernelConfig config) {
        this.config = config;
        this.state = KernelState.fresh(config);
        this.succession = new Succession(this);
    }

    // --- code comes and goes ----------------------------------------------------------------------------------------

    /**
     * Puts code into use: it takes over from that before, or what that has left. Any thread but a hart's, without the
     * lock.
     *
     * @return the code before, if there was some; it is of no use any more, but could be put back
     * @throws StateRejected when it cannot; that before then goes on
     */
    public Optional<KernelCode> fill(KernelCode next) throws StateRejected {
        return succession.fill(next);
    }

    /** Takes code out of use; nothing when other code is in use. Any thread but a hart's, without the lock. */
    public void empty(KernelCode gone) {
        succession.empty(gone);
    }

    /** From now on, whether code that comes only shows that it could run the kernel. */
    public void rehearse(boolean only) {
        succession.rehearse(only);
    }

    /**
     * Says how to have the code of a bundle come again.
     *
     * @param restart given the bundle's id; on a thread of its own, without the lock; throws when it cannot
     */
    public void wayBack(LongConsumer restart) {
        succession.wayBack(restart);
    }

    /** Whether a bug is to be blamed on code because it is new, and there is a way back. The lock is held. */
    public boolean onProbation(KernelCode now) {
        return succession.onProbation(now);
    }

    /**
     * Code that is on probation has a bug: the code before takes over soon. The lock is held.
     *
     * @param why in words
     */
    public void failed(KernelCode bad, String why) {
        succession.failed(bad, why);
    }

    /**
     * The bundle of the code in use is given other content: says how to have code of the former content come again,
     * should the new code be bad.
     *
     * @param former on a thread of its own, without the lock; throws when it cannot
     */
    public void rescue(Runnable former) {
        succession.rescue(former);
    }

    /** Called by new code when it has stopped the bundle of that before. */
    public void retired() {
        succession.retired();
    }

    /** Code that comes next comes because that before is to go, for this reason; empty: no more so. */
    public void replaceBecause(String why) {
        succession.replaceBecause(why);
    }

    /** Does something while no hart is in user code or idle. Any thread but a hart's. */
    public void standStill(Runnable action) {
        visitWithoutStragglers();
        try {
            KernelCode now = code;
            if (now == null) {
                action.run();
            } else {
                now.standStill(action);
            }
        } finally {
            lock.leave();
        }
    }

    /** Takes the lock when no hart of former code is in user code any more. As a visitor each time, for whom harts make way. */
    private void visitWithoutStragglers() {
        lock.visit();
        while (!state.life().stragglers.none()) {
            lock.leave();
            LockSupport.parkNanos(LOOK);
            lock.visit();
        }
    }

    /** Id of the bundle whose code runs the kernel; 0 for none. */
    public long bundle() {
        KernelCode now = code;
        return now == null ? 0 : now.bundle();
    }

    /** Who runs the kernel now, if anybody does. Any thread. */
    @Nullable
    KernelCode inUse() {
        return code;
    }

    /** From now on this code runs the kernel, or nobody does. The lock is held. */
    void use(@Nullable KernelCode next) {
        code = next;
    }

    /** What time it is while nobody runs the kernel. The lock is held. */
    void stopAt(long nanos) {
        stoppedAt = nanos;
    }

    KernelCode code() {
        KernelCode now = code;
        if (now == null) {
            throw new IllegalStateException("no code runs the kernel now");
        }
        return now;
    }

    // --- for the code -----------------------------------------------------------------------------------------------

    /** For the kernel's code. */
    public KernelState state() {
        return state;
    }

    /** For who weaves what comes to this kernel. Any thread. */
    public WovenClasses wovenClasses() {
        return wovenClasses;
    }

    /** For the kernel's code: what {@link #lock} takes. */
    public KernelLock kernelLock() {
        return lock;
    }

    /** For the kernel's code: a timer that wakes a task, whoever runs the kernel by then. */
    public Timer sleepTimer(Task task) {
        return state.timers().timer(() -> wake(task));
    }

    /**
     * For code that runs the kernel no more: a task that one of its harts has run until now can be run on. The lock is
     * held.
     */
    public void resume(Task task) {
        KernelCode now = code;
        if (now == null) {
            task.state = Task.State.RUNNABLE; // who comes finds it
        } else {
            task.state = Task.State.BLOCKED;
            now.wake(task);
        }
    }

    /** For the kernel's code: nothing runs any more, and this is how it ended. */
    public void complete(End end) {
        ended.completeAsync(() -> end);
    }

    /** Whether it is over. Any thread. */
    boolean hasEnded() {
        return ended.isDone();
    }

    /** The kernel is given up. */
    @Override
    public void close() {
        End end = state.life().ending;
        ended.complete(end == null ? new End(End.Kind.HALT, 0, "the kernel's bundle was stopped") : end);
    }

    // --- what it answers itself -------------------------------------------------------------------------------------

    @Override
    public KernelConfig config() {
        return config;
    }

    @Override
    public void lock() {
        lock.visit();
    }

    @Override
    public void unlock() {
        lock.leave();
    }

    @Override
    public <T> T call(Supplier<T> action) {
        lock.visit();
        try {
            return action.get();
        } finally {
            lock.leave();
        }
    }

    @Override
    public Timer timer(Runnable action) {
        return state.timers().timer(action);
    }

    @Override
    public Irq irq(String name, Runnable handler) {
        return state.interrupts().line(name, handler);
    }

    @Override
    public String hostname() {
        return state.life().hostname;
    }

    @Override
    public void setHostname(String name) {
        state.life().hostname = name;
    }

    @Override
    public ProcessTable processes() {
        return state.processes();
    }

    @Override
    public KernelStats stats() {
        return state.stats();
    }

    @Override
    public CompletionStage<End> ended() {
        return ended;
    }

    // --- what can be said without code ------------------------------------------------------------------------------

    @Override
    public boolean running() {
        KernelCode now = code;
        return now != null && now.running();
    }

    @Override
    public List<String> missing() {
        KernelCode now = code;
        return now == null ? List.of("kern") : now.missing();
    }

    @Override
    public Result<Process> spawn(Spawn program, IntConsumer exited) {
        KernelCode now = code;
        return now == null ? Result.error(-Errno.EAGAIN) : now.spawn(program, exited);
    }

    @Override
    public void shutdown(End end) {
        KernelCode now = code;
        if (now != null) {
            now.shutdown(end);
            return;
        }
        state.life().ending = end;
        complete(end);
    }

    @Override
    public long now() {
        KernelCode now = code;
        return now == null ? stoppedAt : now.now();
    }

    @Override
    public void trace(String line) {
        KernelCode now = code;
        if (now != null) {
            now.trace(line);
        }
    }

    @Override
    public Dmesg dmesg() {
        KernelCode now = code;
        return now == null ? Dmesg.NONE : now.dmesg();
    }

    // --- what the code does -----------------------------------------------------------------------------------------

    @Override
    public long realtime() {
        return code().realtime();
    }

    @Override
    public void setRealtime(long nanos) {
        code().setRealtime(nanos);
    }

    @Override
    public int harts() {
        return state.life().harts;
    }

    @Override
    public void random(byte[] to) {
        code().random(to);
    }

    @Override
    public Vm vm() {
        return code().vm();
    }

    @Override
    public Vfs vfs() {
        return code().vfs();
    }

    @Override
    public Abi abi() {
        return code().abi();
    }

    @Override
    public SchedPolicy sched() {
        return code().sched();
    }

    @Override
    public Slot<NetStack> net() {
        return code().net();
    }

    @Override
    public Slot<Replacement> replacement() {
        return code().replacement();
    }

    @Override
    public Slot<Gateway> gateway() {
        return code().gateway();
    }

    @Override
    public Streams streams() {
        return code().streams();
    }

    @Override
    public @Nullable Slot<FileSystemType> fileSystem(String name) {
        return code().fileSystem(name);
    }

    @Override
    public List<String> fileSystems() {
        return code().fileSystems();
    }

    @Override
    public @Nullable Slot<CharDevice> device(long rdev, boolean block) {
        return code().device(rdev, block);
    }

    @Override
    public List<CharDevice> devices() {
        return code().devices();
    }

    @Override
    public List<String> schedPolicies() {
        return code().schedPolicies();
    }

    @Override
    public int switchSched(String policy) {
        return code().switchSched(policy);
    }

    @Override
    public void wake(WaitQueue queue) {
        code().wake(queue);
    }

    @Override
    public int wake(WaitQueue queue, int count) {
        return code().wake(queue, count);
    }

    @Override
    public void wake(Task task) {
        code().wake(task);
    }

    @Override
    public @Nullable Task current() {
        return code().current();
    }

    @Override
    public long clone(Task parent, CloneArgs args) {
        return code().clone(parent, args);
    }

    @Override
    public void exit(Task task, int status) {
        code().exit(task, status);
    }

    @Override
    public void exitGroup(Process process, int status) {
        code().exitGroup(process, status);
    }

    @Override
    public void becomeOnlyThread(Task task) {
        code().becomeOnlyThread(task);
    }

    @Override
    public void reap(Process zombie) {
        code().reap(zombie);
    }

    @Override
    public void moveToGroup(Process process, int pgid) {
        code().moveToGroup(process, pgid);
    }

    @Override
    public void newSession(Process process) {
        code().newSession(process);
    }

    @Override
    public void yield(Task task) {
        code().yield(task);
    }

    @Override
    public void renice(Task task, int nice) {
        code().renice(task, nice);
    }

    @Override
    public void signal(Process process, SigInfo info) {
        code().signal(process, info);
    }

    @Override
    public void signal(Task task, SigInfo info) {
        code().signal(task, info);
    }

    @Override
    public void signalGroup(int pgid, SigInfo info) {
        code().signalGroup(pgid, info);
    }

    @Override
    public void forceSignal(Task task, SigInfo info) {
        code().forceSignal(task, info);
    }

    @Override
    public void recheckSignals(Task task) {
        code().recheckSignals(task);
    }

    @Override
    public boolean signalPending(Task task) {
        return code().signalPending(task);
    }

    @Override
    public void trace(Task task, Process tracer, boolean seized) {
        code().trace(task, tracer, seized);
    }

    @Override
    public void resumeTraced(Task task, int signal) {
        code().resumeTraced(task, signal);
    }

    @Override
    public void detach(Task task, int signal) {
        code().detach(task, signal);
    }

    @Override
    public void listen(Task task) {
        code().listen(task);
    }

    @Override
    public void interruptTraced(Task task) {
        code().interruptTraced(task);
    }
}
