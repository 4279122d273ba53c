package vkernel.guest.kern;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
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
import vkernel.host.HostSlot;
import vkernel.kern.Dmesg;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.KernelCode;
import vkernel.kern.KernelConfig;
import vkernel.kern.KernelLock;
import vkernel.kern.KernelSlot;
import vkernel.kern.KernelState;
import vkernel.kern.KernelStats;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.kern.Spawn;
import vkernel.kern.TimerHeap;
import vkernel.net.Gateway;
import vkernel.net.NetStack;
import vkernel.sched.SchedPolicy;
import vkernel.task.CloneArgs;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Session;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.Replacement;
import vkernel.vm.Vm;

/**
 * The kernel's face to its subsystems: says who does what, and does nothing itself. While a provider is missing that
 * user code needs, guest time stands still. It is as long as {@link KernelCode}, a line for each call; what it is made of is
 * each in a class of its own.
 */
@Component(service = EventKernel.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "kern")
@Requirement(namespace = "vkernel.subsystem", name = "host", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "vm", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "vfs", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "abi", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "sched", effective = "active")
@Requirement(namespace = "vkernel.subsystem", name = "streams", effective = "active")
@Requirement(namespace = "vkernel.subsystem", filter = "(&(vkernel.subsystem=fs)(fs=tmpfs))", effective = "active")
public final class EventKernel implements KernelCode {
    private static final Logger LOG = LoggerFactory.getLogger(EventKernel.class);
    /** Memory reckoned for each task when their number is limited (Linux: fork_init). */
    private static final long BYTES_PER_TASK = 64 << 10;

    final KernelLock lock;
    final KernelState state;
    final ProcessTable processes;
    final KernelStats stats;
    final TimerHeap timers;
    final LoadAverage load;
    final Slots slots;
    final Harts harts;
    final Interrupts interrupts;
    final Dispatcher dispatcher;
    final Signals signals;
    final Delivery delivery;
    final Ptrace ptrace;
    final Forks forks;
    final Family family;
    final Exits exits;
    final Spawned spawned;
    final Startup startup;
    final Places places;
    final History history;
    final Swapping swapping;
    final Vacancies vacancies;
    final Watchdog watchdog;
    final Sleepers sleepers;
    final Exchanges exchanges;
    final Trials trials;
    final Readiness readiness;
    final Containment containment;
    final Handover handover;
    final Shutdown shutdown;

    private final String name;
    private final long bundle;
    private final KernelSlot socket;
    private final HostSlot host;
    private final TraceChannel trace;

    /** The task whose trap is being handled; guarded by the lock. */
    @Nullable
    Task current;

    /** Code that is still to be put into the socket. */
    @Activate
    public EventKernel(BundleContext context, @Reference KernelSlot socket, @Reference HostSlot host) {
        this(name(context.getBundle()), context.getBundle().getBundleId(), socket, host);
    }

    EventKernel(String name, long bundle, KernelSlot socket, HostSlot host) {
        this.name = name;
        this.bundle = bundle;
        this.socket = socket;
        this.host = host;
        lock = socket.kernelLock();
        state = socket.state();
        state.life().harts = host.config().harts();
        processes = state.processes();
        stats = state.stats();
        timers = state.timers();
        load = new LoadAverage(stats);
        harts = new Harts(host, lock);
        containment = new Containment(this);
        readiness = new Readiness(this, host);
        slots = new Slots(state.slots());
        interrupts = new Interrupts(state.interrupts(), bug -> containment.contained("interrupt handler", bug));
        dispatcher = new Dispatcher(this);
        signals = new Signals(this);
        delivery = new Delivery(this);
        ptrace = new Ptrace(this);
        forks = new Forks(this);
        family = new Family(this);
        exits = new Exits(this, family);
        spawned = new Spawned(this);
        startup = new Startup(this);
        places = new Places(this);
        history = new History(this);
        Flip flip = new Flip(places::seat, containment::caught);
        swapping = new Swapping(this, flip);
        vacancies = new Vacancies(this, flip);
        watchdog = new Watchdog(this);
        trials = new Trials(this, socket, host);
        sleepers = new Sleepers(this);
        exchanges = new Exchanges(host, swapping, history);
        handover = new Handover(this, socket, host);
        shutdown = new Shutdown(this);
        trace = new TraceChannel(host);
    }

    private static String name(Bundle from) {
        return from.getSymbolicName() + "#" + from.getBundleId() + " " + EventKernel.class.getSimpleName();
    }

    // --- who runs the kernel ----------------------------------------------------------------------------------------

    @Override
    public String name() {
        return name;
    }

    @Override
    public long bundle() {
        return bundle;
    }

    @Override
    public void adopt() {
        handover.adopt();
    }

    @Override
    public void release() {
        handover.release();
    }

    @Override
    public void standStill(Runnable action) {
        handover.standStill(action);
    }

    /** The component goes. */
    @Deactivate
    void end() throws InterruptedException {
        handover.end();
    }

    // --- providers come and go --------------------------------------------------------------------------------------

    /** A provider comes or goes: every slot is changed here. Any thread. */
    void change(String news, Runnable change) {
        lock.visit();
        watchdog.watch(Thread.currentThread());
        try {
            if (!readiness.inUse()) {
                return; // it is another's by now
            }
            LOG.debug("{}", news);
            change.run();
            readiness.look();
        } finally {
            watchdog.watch(null);
            lock.leave();
        }
        harts.wakeAll();
    }

    /** Whether somebody does the work of a provider that comes: the guest need not wait while it prepares itself. Any thread. */
    boolean served(Provider next) {
        return call(
                () -> next.slots().stream().anyMatch(slot -> slots.occupant(slot) != null || slot.equals(Place.SCHED)));
    }

    /** Asks for something with the lock held. Any thread. */
    <T> T call(Supplier<T> action) {
        lock.visit();
        try {
            return action.get();
        } finally {
            lock.leave();
        }
    }

    KernelSlot socket() {
        return socket;
    }

    /** Whether {@link #tend} may find something to do. Any thread. */
    boolean due() {
        return !readiness.halted() && vacancies.due();
    }

    /** What is due now and then, between handlers. A thread without the lock. */
    void tend() {
        change("a provider's time has come", vacancies::tend);
    }

    @Override
    public boolean running() {
        return readiness.ready();
    }

    @Override
    public List<String> missing() {
        return readiness.missing();
    }

    @Override
    public void shutdown(End end) {
        shutdown.begin(end);
    }

    // --- the rest is said in one line each --------------------------------------------------------------------------

    HostSlot host() {
        return host;
    }

    Process first() {
        return state.first();
    }

    /** Most tasks at a time. */
    int maxTasks() {
        return Math.clamp(host.config().ramBytes() / BYTES_PER_TASK, 64, ProcessTable.MAX - 300);
    }

    KernelConfig config() {
        return socket.config();
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
    public void random(byte[] to) {
        host.entropy().fill(to, 0, to.length);
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
    public Slot<Replacement> replacement() {
        return slots.replacement;
    }

    @Override
    public Slot<Gateway> gateway() {
        return slots.gateway;
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
    public @Nullable Slot<CharDevice> device(long rdev, boolean block) {
        return slots.device(rdev, block);
    }

    @Override
    public List<CharDevice> devices() {
        return slots.devices();
    }

    @Override
    public List<String> schedPolicies() {
        return places.policies();
    }

    @Override
    public int switchSched(String policy) {
        return swapping.switchTo(policy) ? 0 : -Errno.ENOENT;
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
    public @Nullable Task current() {
        return current;
    }

    @Override
    public long clone(Task parent, CloneArgs args) {
        return forks.clone(parent, args);
    }

    @Override
    public void exit(Task task, int status) {
        exits.exit(task, status);
    }

    @Override
    public void exitGroup(Process process, int status) {
        exits.exitGroup(process, status);
    }

    @Override
    public void becomeOnlyThread(Task task) {
        exits.becomeOnlyThread(task);
    }

    @Override
    public void reap(Process zombie) {
        family.reap(zombie);
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
        return socket.call(() -> {
            if (!readiness.ready()) {
                return Result.error(-Errno.EAGAIN);
            }
            int pid = processes.allocate();
            return pid == 0 ? Result.error(-Errno.EAGAIN) : spawned.begin(pid, program, exited);
        });
    }

    @Override
    public void trace(String line) {
        trace.line(line);
    }

    @Override
    public Dmesg dmesg() {
        return LoggerFactory.getILoggerFactory() instanceof Dmesg ring ? ring : Dmesg.NONE;
    }
}
