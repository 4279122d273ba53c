package vkernel.guest.kern;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
import vkernel.fs.OpenFile;
import vkernel.fs.Vfs;
import vkernel.host.Channel;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.HostSlot;
import vkernel.kern.Dmesg;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.IrqLines;
import vkernel.kern.KernelCode;
import vkernel.kern.KernelConfig;
import vkernel.kern.KernelLock;
import vkernel.kern.KernelSlot;
import vkernel.kern.KernelState;
import vkernel.kern.KernelStats;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.kern.Spawn;
import vkernel.kern.StateRejected;
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
 * user code needs, guest time stands still.
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
    /** Told what a timer's action has thrown. */
    final Consumer<Throwable> timerFailed = bug -> contained("timer", bug);

    private final Trials trials;
    private final String name;
    private final long bundle;
    private final KernelSlot socket;
    private final HostSlot host;
    private final KernelState.Life life;
    private final @Nullable Channel trace;

    /** The task whose trap is being handled; guarded by the lock. */
    @Nullable
    Task current;

    // guarded by the lock
    private boolean composed;
    private boolean ready;
    private boolean sharing;
    private boolean inUse;
    private volatile boolean halted;

    /** Code that is still to be put into the socket. */
    @Activate
    public EventKernel(BundleContext context, @Reference KernelSlot socket, @Reference HostSlot host) {
        this(name(context.getBundle()), context.getBundle().getBundleId(), socket, host);
    }

    private EventKernel(String name, long bundle, KernelSlot socket, HostSlot host) {
        this.name = name;
        this.bundle = bundle;
        this.socket = socket;
        this.host = host;
        lock = socket.kernelLock();
        state = socket.state();
        life = state.life();
        life.harts = host.config().harts();
        processes = state.processes();
        stats = state.stats();
        timers = state.timers();
        load = new LoadAverage(stats);
        harts = new Harts(host, lock);
        slots = new Slots(state.slots());
        interrupts = new Interrupts(state.interrupts(), bug -> contained("interrupt handler", bug));
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
        Flip flip = new Flip(places::seat, this::caught);
        swapping = new Swapping(this, flip);
        vacancies = new Vacancies(this, flip);
        watchdog = new Watchdog(this);
        trials = new Trials(this, socket, host);
        sleepers = new Sleepers(this);
        exchanges = new Exchanges(host, swapping, history);
        trace = channel(host, "trace");
    }

    private static String name(Bundle from) {
        return from.getSymbolicName() + "#" + from.getBundleId() + " " + EventKernel.class.getSimpleName();
    }

    // --- its own life -----------------------------------------------------------------------------------------------

    /**
     * Takes the kernel over, from the code before or from nobody, with all providers that are there.
     *
     * @param complete whether the framework has started all its bundles
     * @return the code before, if there was some
     */
    Optional<KernelCode> begin(List<Provider> providers, boolean complete) throws StateRejected {
        composed = complete;
        if (socket.bundle() != 0) {
            Beforehand.run(name, () -> prime(providers));
        }
        swapping.prepare(providers);
        startHarts(); // they wait for adopt: the guest need not wait for them
        Optional<KernelCode> former;
        try {
            former = socket.fill(this);
        } catch (StateRejected | RuntimeException e) {
            call(() -> halted = true);
            call(() -> {
                harts.stop();
                return true;
            });
            throw e;
        }
        call(() -> {
            if (inUse) {
                watchdog.start();
            }
            return inUse;
        });
        return former;
    }

    private void startHarts() {
        halted = false;
        Traps traps = new Traps(this);
        harts.start(id -> new HartLoop(this, host, id, traps));
    }

    /** Gives the kernel up; nothing when other code has taken it over. */
    @Deactivate
    void end() throws InterruptedException {
        socket.empty(this);
        watchdog.join();
        harts.join();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long bundle() {
        return bundle;
    }

    /** Its harts end, and leave their tasks to another. */
    void standBack() {
        halted = true;
        ready = false;
        harts.wakeAll();
        lock.news();
    }

    @Override
    public void adopt() {
        takeCharge();
        if (harts.none()) { // it was given up, and is back
            startHarts();
            watchdog.start();
        }
        look();
        lock.news();
    }

    private void takeCharge() {
        inUse = true;
        swapping.resume();
        if (composed) {
            swapping.composed();
        }
        state.interrupts().kick(harts::kick);
    }

    @Override
    public void release() {
        halted = true;
        ready = false;
        watchdog.stop();
        harts.stop();
        giveUp();
    }

    private void giveUp() {
        dispatcher.hand(null);
        state.interrupts().kick(IrqLines.NOBODY);
        inUse = false;
    }

    /**
     * A walk through the handover of a kernel with little in it: the guest does not wait then for the JVM to link this
     * code. Without the lock.
     */
    private void prime(List<Provider> providers) {
        Priming priming = call(() -> life.root == null ? null : new Priming(socket.config(), life.root));
        if (priming == null) {
            return;
        }
        for (int times = 0; times < Priming.TIMES; times++) {
            EventKernel small = new EventKernel(name, bundle, priming.socket(providers), host);
            small.composed = true;
            small.call(() -> {
                small.swapping.prepare(Priming.providers(providers));
                small.takeCharge();
                small.look();
                small.giveUp();
                return true;
            });
        }
    }

    @Override
    public void standStill(Runnable action) {
        harts.bringOut();
        try {
            action.run();
        } finally {
            trials.machineChanged();
            exchanges.report();
            look();
            lock.news();
        }
    }

    /** A hart waits here while there is nothing that could run user code, or it is not its turn; it keeps its task. */
    void awaitMachine(HartLoop hart) {
        while (!(inUse && host.ready() && !trials.goingBack()) && !halted && !hart.dismissed()) {
            lock.await();
        }
    }

    private static @Nullable Channel channel(Host host, String name) {
        try {
            return host.channel(name);
        } catch (HostException absent) {
            return null;
        }
    }

    // --- providers come and go --------------------------------------------------------------------------------------

    /** A provider comes or goes: every slot is changed here. Any thread. */
    void change(String news, Runnable change) {
        lock.visit();
        watchdog.watch(Thread.currentThread());
        try {
            if (!inUse) {
                return; // it is another's by now
            }
            LOG.debug("{}", news);
            change.run();
            look();
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

    /** Looks whether user code can run, and starts the first process when it can for the first time. */
    void look() {
        ready = !halted && life.ending == null && missing().isEmpty();
        trustSharers();
        if (ready && !life.started) {
            life.started = true;
            watchdog.watch(null); // it takes its time
            startup.run();
        }
    }

    private void trustSharers() {
        sharing = places.trusted("abi") && places.trusted("vm");
    }

    /** Whether traps may be handled that only share the lock: not by a provider that is still to prove itself. */
    boolean sharing() {
        return ready && sharing;
    }

    /** Something was thrown in a handler. @param call whether of a call @return whether it can be made again */
    boolean contain(String where, Throwable bug, boolean call) {
        caught();
        if (trials.blame(bug)) {
            return true;
        }
        try {
            return vacancies.contain(where, bug, call);
        } catch (RuntimeException | Error e) {
            LOG.error("cannot go back after {} in a {}", bug, where, e);
            return false;
        } finally {
            trustSharers();
        }
    }

    /** The same where nothing is to be tried again: the timers of the failed one come anew with its successor. */
    private void contained(String where, Throwable bug) {
        lock.unwind();
        if (!contain(where, bug, false)) {
            stats.oopses++;
            LOG.error("oops {} in a {}", stats.oopses, where, bug);
        }
    }

    /** Starts a program from outside; when a provider on probation breaks that, again with its predecessor. */
    private Result<Process> begin(int pid, Spawn program, IntConsumer exited) {
        while (true) {
            try {
                return spawned.start(pid, program, exited);
            } catch (RuntimeException | Error e) {
                if (!contain("start of a program", e, true)) {
                    throw e;
                }
            }
        }
    }

    /** Whatever was thrown has been caught: if it was the watchdog's, it has done its work. */
    void caught() {
        watchdog.relieve();
    }

    /** A hart was thrown out of its loop. @param then {@link #machineChanges} when it went in @return whether it goes on */
    boolean goesOn(Throwable bug, int then) {
        caught();
        lock.unwind();
        return trials.blame(bug, then);
    }

    /** Whether somebody new, the kernel's code or the machine's, is where a thread is. Any thread. */
    boolean suspects(Thread stuck, Throwable sample) {
        return trials.suspects(stuck, sample);
    }

    /** Whether the machine is on its way out because of a bug. Any thread. */
    boolean machineGoes() {
        return trials.goingBack();
    }

    /** How often the machine may have changed. */
    int machineChanges() {
        return trials.changes();
    }

    KernelSlot socket() {
        return socket;
    }

    boolean started() {
        return life.started;
    }

    /** Whether {@link #tend} may find something to do. Any thread. */
    boolean due() {
        return !halted && vacancies.due();
    }

    /** What is due now and then, between handlers. A thread without the lock. */
    void tend() {
        change("a provider's time has come", vacancies::tend);
    }

    /** Whether a file that is open, or a mount, refers to one of the slots. */
    boolean uses(Set<String> names) {
        Vfs vfs = slots.vfs.orNull();
        try {
            if (vfs == null || vfs.mounts().stream().anyMatch(mount -> names.contains(mount.sb.type.name()))) {
                return true;
            }
        } catch (RuntimeException | Error e) {
            LOG.debug("{} does not say what is mounted", vfs, e);
            return true;
        }
        for (Task task : processes.tasks()) {
            for (int fd = 0; fd < task.files.size(); fd++) {
                OpenFile file = task.files.get(fd);
                if (file != null && names.contains(file.ops.name())) {
                    return true;
                }
            }
        }
        return false;
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
        // what was mounted at the start and has gone since was not needed any more
        List<String> missing = slots.missing(life.started ? List.of() : startup.fileSystems());
        SchedPolicy policy = dispatcher.policy();
        if (policy == null) {
            missing.add("sched");
        } else if (!life.started && !policy.name().equals(dispatcher.wanted())) {
            missing.add("sched." + dispatcher.wanted());
        }
        String absent = host.missing().orElse("");
        if (!absent.isEmpty()) {
            missing.add(absent);
        }
        if (!composed) {
            missing.add("framework");
        }
        return missing;
    }

    /** All bundles of the start have been started: the first process sees every device, in every run. */
    void composed() {
        change("the framework has started", () -> {
            composed = true;
            swapping.composed();
        });
    }

    // --- ending -----------------------------------------------------------------------------------------------------

    boolean halted() {
        return halted;
    }

    boolean ending() {
        return life.ending != null;
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
            End known = life.ending;
            boolean worse = end.kind() == End.Kind.PANIC && known != null && known.kind() != End.Kind.PANIC;
            if (known == null || worse && !halted) { // the first process that cannot start ends, and is a panic
                life.ending = end;
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
        End end = life.ending;
        if (end == null || !(patienceIsOver || streams == null || streams.drained())) {
            return false;
        }
        halted = true;
        harts.wakeAll();
        socket.complete(end);
        return true;
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
            if (!ready) {
                return Result.error(-Errno.EAGAIN);
            }
            int pid = processes.allocate();
            return pid == 0 ? Result.error(-Errno.EAGAIN) : begin(pid, program, exited);
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
        return LoggerFactory.getILoggerFactory() instanceof Dmesg ring ? ring : Dmesg.NONE;
    }
}
