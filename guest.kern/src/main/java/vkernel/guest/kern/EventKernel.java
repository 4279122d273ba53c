package vkernel.guest.kern;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.abi.Abi;
import vkernel.dev.CharDevice;
import vkernel.dev.Streams;
import vkernel.fs.FileSystemType;
import vkernel.fs.Vfs;
import vkernel.host.Channel;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.kern.Dmesg;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.Irq;
import vkernel.kern.Kernel;
import vkernel.kern.KernelConfig;
import vkernel.kern.KernelStats;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.kern.Spawn;
import vkernel.kern.Timer;
import vkernel.net.NetStack;
import vkernel.sched.SchedPolicy;
import vkernel.task.CloneArgs;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Session;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.Vm;

/**
 * The kernel's face to its subsystems: says who does what, and does nothing itself. While a provider is missing that
 * user code needs, guest time stands still.
 */
@Component(
        service = {Kernel.class, EventKernel.class},
        immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "kern")
@Requirement(namespace = "vkernel.subsystem", name = "vm", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "vfs", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "abi", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "sched", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "streams", effective = "active")
@Requirement(namespace = "vkernel.subsystem", filter = "(&(vkernel.subsystem=fs)(fs=tmpfs))", effective = "active")
public final class EventKernel implements Kernel {
    private static final Logger LOG = LoggerFactory.getLogger(EventKernel.class);
    /** Harts call deep into file systems and, later, compiled guest code. */
    private static final long STACK = 64L << 20;
    /** Memory reckoned for each task when their number is limited (Linux: fork_init). */
    private static final long BYTES_PER_TASK = 64 << 10;

    final KernelLock lock = new KernelLock();
    final ProcessTable processes = new ProcessTable();
    final KernelStats stats = new KernelStats();
    final LoadAverage load = new LoadAverage(stats);
    final TimerHeap timers = new TimerHeap();
    final Slots slots = new Slots();
    final Harts harts;
    final Interrupts interrupts;
    final Dispatcher dispatcher;
    final Signals signals;
    final Delivery delivery;
    final Ptrace ptrace;
    final Lives lives;
    final Spawned spawned;
    final Startup startup;

    private final Host host;
    private final KernelConfig config;
    private final Process first = new Process(1, new Session(1));
    private final List<Thread> threads = new ArrayList<>();
    private final CompletableFuture<End> ended = new CompletableFuture<>();
    private final @Nullable Channel trace;

    /** The task whose trap is being handled; guarded by the lock. */
    @Nullable
    Task current;

    // guarded by the lock
    private String hostname;

    private boolean composed;
    private boolean started;
    private boolean ready;
    private volatile @Nullable End ending;
    private volatile boolean halted;

    @Activate
    public EventKernel(@Reference Host host, @Reference KernelConfig config) {
        this.host = host;
        this.config = config;
        hostname = config.hostname();
        harts = new Harts(host);
        interrupts = new Interrupts(harts::kick);
        dispatcher = new Dispatcher(processes, harts, config.sched());
        signals = new Signals(this);
        delivery = new Delivery(this);
        ptrace = new Ptrace(this);
        lives = new Lives(this);
        spawned = new Spawned(this);
        startup = new Startup(this);
        trace = channel(host, "trace");
        processes.allocate();
        processes.add(first);
        Traps traps = new Traps(this);
        for (int i = 0; i < host.config().harts(); i++) {
            HartLoop loop = new HartLoop(this, host, i, traps);
            harts.add(loop);
            threads.add(Thread.ofPlatform()
                    .name("hart" + i)
                    .stackSize(STACK)
                    .daemon()
                    .unstarted(loop));
        }
        threads.forEach(Thread::start);
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        halted = true;
        harts.wakeAll();
        for (Thread thread : threads) {
            if (thread != Thread.currentThread()) {
                thread.join();
            }
        }
        ended.complete(new End(End.Kind.HALT, 0, "the kernel's bundle was stopped"));
    }

    private static @Nullable Channel channel(Host host, String name) {
        try {
            return host.channel(name);
        } catch (HostException absent) {
            return null;
        }
    }

    // --- providers come and go --------------------------------------------------------------------------------------

    /** A provider comes or goes: every slot is changed here. */
    void change(String news, Runnable change) {
        lock.visit();
        try {
            LOG.debug("{}", news);
            change.run();
            ready = ending == null && missing().isEmpty();
            if (ready && !started) {
                started = true;
                startup.run();
            }
        } finally {
            lock.leave();
        }
        harts.wakeAll();
    }

    /** Whether user code can run; guarded by the lock. */
    boolean ready() {
        return ready;
    }

    @Override
    public boolean running() {
        return ready;
    }

    @Override
    public List<String> missing() {
        List<String> missing = slots.missing(startup.fileSystems());
        SchedPolicy policy = dispatcher.policy();
        if (policy == null) {
            missing.add("sched");
        } else if (!started && !policy.name().equals(dispatcher.wanted())) {
            missing.add("sched." + dispatcher.wanted());
        }
        if (!composed) {
            missing.add("framework");
        }
        return missing;
    }

    /** All bundles of the start have been started: the first process sees every device, in every run. */
    void composed() {
        change("the framework has started", () -> composed = true);
    }

    // --- ending -----------------------------------------------------------------------------------------------------

    boolean halted() {
        return halted;
    }

    boolean ending() {
        return ending != null;
    }

    void firstProcessEnded(Process process) {
        shutdown(new End(End.Kind.HALT, Spawned.shellStatus(process.exitStatus), ""));
    }

    void panic(String message) {
        LOG.error("Kernel panic - not syncing: {}", message);
        shutdown(new End(End.Kind.PANIC, 255, message));
    }

    @Override
    public void shutdown(End end) {
        lock.visit();
        try {
            boolean worse = end.kind() == End.Kind.PANIC && ending != null && ending.kind() != End.Kind.PANIC;
            if (ending == null || worse && !halted) { // the first process that cannot start ends, and is a panic
                ending = end;
                ready = false;
            }
        } finally {
            lock.leave();
        }
        harts.wakeAll();
    }

    /** Called by harts while the kernel is ending. @return whether they are to stop now */
    boolean finish(boolean patienceIsOver) {
        Streams streams = slots.streams.orNull();
        End end = ending;
        if (end == null || !(patienceIsOver || streams == null || streams.drained())) {
            return false;
        }
        halted = true;
        harts.wakeAll();
        ended.completeAsync(() -> end);
        return true;
    }

    @Override
    public CompletionStage<End> ended() {
        return ended;
    }

    // --- the rest is said in one line each --------------------------------------------------------------------------

    Host host() {
        return host;
    }

    Process first() {
        return first;
    }

    /** Most tasks at a time. */
    int maxTasks() {
        return Math.clamp(host.config().ramBytes() / BYTES_PER_TASK, 64, ProcessTable.MAX - 300);
    }

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
    public long now() {
        return host.clock().monotonic();
    }

    @Override
    public long realtime() {
        return host.clock().realtime();
    }

    @Override
    public void setRealtime(long nanos) {
        host.clock().setRealtime(nanos);
    }

    @Override
    public int harts() {
        return host.config().harts();
    }

    @Override
    public String hostname() {
        return hostname;
    }

    @Override
    public void setHostname(String name) {
        hostname = name;
    }

    @Override
    public void random(byte[] to) {
        host.entropy().fill(to, 0, to.length);
    }

    @Override
    public Timer timer(Runnable action) {
        return timers.timer(action);
    }

    @Override
    public Vm vm() {
        return slots.vm.get();
    }

    @Override
    public Vfs vfs() {
        return slots.vfs.get();
    }

    @Override
    public Abi abi() {
        return slots.abi.get();
    }

    @Override
    public SchedPolicy sched() {
        SchedPolicy policy = dispatcher.policy();
        if (policy == null) {
            throw new IllegalStateException("nothing provides sched");
        }
        return policy;
    }

    @Override
    public Streams streams() {
        return slots.streams.get();
    }

    @Override
    public Slot<NetStack> net() {
        return slots.net;
    }

    @Override
    public @Nullable Slot<FileSystemType> fileSystem(String name) {
        return slots.fileSystem(name);
    }

    @Override
    public List<String> fileSystems() {
        return slots.fileSystems();
    }

    @Override
    public @Nullable Slot<CharDevice> device(long rdev) {
        return slots.device(rdev);
    }

    @Override
    public List<CharDevice> devices() {
        return slots.devices();
    }

    @Override
    public List<String> schedPolicies() {
        return dispatcher.policies();
    }

    @Override
    public int switchSched(String policy) {
        return dispatcher.switchTo(policy);
    }

    @Override
    public void wake(WaitQueue queue) {
        dispatcher.wake(queue, Integer.MAX_VALUE);
    }

    @Override
    public int wake(WaitQueue queue, int count) {
        return dispatcher.wake(queue, count);
    }

    @Override
    public void wake(Task task) {
        dispatcher.wake(task);
    }

    @Override
    public Irq irq(String name, Runnable handler) {
        return interrupts.line(name, handler);
    }

    @Override
    public ProcessTable processes() {
        return processes;
    }

    @Override
    public @Nullable Task current() {
        return current;
    }

    @Override
    public long clone(Task parent, CloneArgs args) {
        return lives.clone(parent, args);
    }

    @Override
    public void exit(Task task, int status) {
        lives.exit(task, status);
    }

    @Override
    public void exitGroup(Process process, int status) {
        lives.exitGroup(process, status);
    }

    @Override
    public void becomeOnlyThread(Task task) {
        lives.becomeOnlyThread(task);
    }

    @Override
    public void reap(Process zombie) {
        lives.reap(zombie);
    }

    @Override
    public void moveToGroup(Process process, int pgid) {
        process.pgid = pgid;
    }

    @Override
    public void trace(Task task, Process tracer, boolean seized) {
        ptrace.attach(task, tracer, seized);
    }

    @Override
    public void resumeTraced(Task task, int signal) {
        ptrace.resume(task, signal);
    }

    @Override
    public void detach(Task task, int signal) {
        ptrace.detach(task, signal);
    }

    @Override
    public void listen(Task task) {
        if (task.tracing != null) {
            ptrace.listen(task, task.tracing);
        }
    }

    @Override
    public void interruptTraced(Task task) {
        ptrace.interrupt(task);
    }

    @Override
    public void newSession(Process process) {
        process.session = new Session(process.pid);
        process.pgid = process.pid;
    }

    @Override
    public void yield(Task task) {
        for (HartLoop loop : harts.loops()) {
            if (loop.task() == task) {
                loop.reschedule();
            }
        }
    }

    @Override
    public void renice(Task task, int nice) {
        dispatcher.renice(task, nice);
    }

    @Override
    public void signal(Process process, SigInfo info) {
        signals.send(process, info);
    }

    @Override
    public void signal(Task task, SigInfo info) {
        signals.send(task, info);
    }

    @Override
    public void signalGroup(int pgid, SigInfo info) {
        signals.sendGroup(pgid, info);
    }

    @Override
    public void forceSignal(Task task, SigInfo info) {
        signals.force(task, info);
    }

    @Override
    public void recheckSignals(Task task) {
        signals.recheck(task);
    }

    @Override
    public boolean signalPending(Task task) {
        return delivery.pending(task);
    }

    @Override
    public Result<Process> spawn(Spawn program, IntConsumer exited) {
        return call(() -> {
            if (!ready) {
                return Result.error(-Errno.EAGAIN);
            }
            int pid = processes.allocate();
            return pid == 0 ? Result.error(-Errno.EAGAIN) : spawned.start(pid, program, exited);
        });
    }

    @Override
    public void trace(String line) {
        if (trace == null) {
            return;
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
        int sent = 0;
        while (sent < bytes.length) {
            int n = trace.write(bytes, sent, bytes.length - sent);
            if (n < 0) {
                return;
            }
            sent += n;
            if (n == 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public Dmesg dmesg() {
        return LoggerFactory.getILoggerFactory() instanceof Dmesg ring ? ring : NO_LOG;
    }

    private static final Dmesg NO_LOG = new Dmesg() {
        @Override
        public List<Line> lines() {
            return List.of();
        }

        @Override
        public void clear() {}

        @Override
        public void restart() {}
    };

    @Override
    public KernelStats stats() {
        return stats;
    }
}
