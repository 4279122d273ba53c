package vkernel.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.boot.client.Guest;
import vkernel.boot.client.LocalGuest;
import vkernel.boot.compose.Workbench;
import vkernel.fs.FileSystemType;
import vkernel.fs.HostVolume;
import vkernel.fs.Mount;
import vkernel.fs.SuperBlock;
import vkernel.host.Channel;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.HostSlot;
import vkernel.kern.Dmesg;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.KernelSlot;
import vkernel.kern.Monitor;
import vkernel.kern.Recomposition;
import vkernel.kern.Result;
import vkernel.kern.Spawn;
import vkernel.task.Process;

/**
 * A running kernel, in one call:
 *
 * <pre>{@code
 * try (var k = VirtualKernel.boot(BootConfig.standard())) {
 *     Output r = k.run("/bin/echo", "hi");
 * }
 * }</pre>
 *
 * Any number may run in one JVM. Any thread may call.
 */
public final class VirtualKernel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualKernel.class);

    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final long SECONDS_TO_COME_UP = 30;

    private final BootConfig config;
    private final IdleFrameworks.Taken taken;
    private final KernelSlot kernel;
    private final HostSlot host;
    private final AtomicBoolean closed = new AtomicBoolean();

    private VirtualKernel(BootConfig config, IdleFrameworks.Taken taken, HostSlot host, KernelSlot kernel) {
        this.config = config;
        this.taken = taken;
        this.host = host;
        this.kernel = kernel;
    }

    /**
     * Boots a kernel and returns when it can run programs.
     *
     * @throws BootException saying what was wrong
     */
    public static VirtualKernel boot(BootConfig wanted) {
        Distribution distribution = Distribution.here();
        try {
            Composition kernel = distribution.kernel(wanted.kernel());
            BootConfig config = wanted.sched().isEmpty() ? wanted.withSched(kernel.sched()) : wanted;
            KernelSlot socket = new KernelSlot(BootPlan.kernel(config, kernel.options()));
            Ahead<HostSlot> host = Ahead.of("machine", () -> BootPlan.machine(config));
            IdleFrameworks.Taken taken;
            try {
                taken = framework(config, distribution.bundles(kernel));
            } catch (IOException | RuntimeException e) {
                host.get().close();
                throw e;
            }
            RunningComposition running = new RunningComposition(distribution, config, taken.framework(), socket);
            return begun(config, host, socket, taken, config.sharedParts() ? null : running);
        } catch (IOException e) {
            throw new BootException(e.getMessage(), e);
        }
    }

    private static IdleFrameworks.Taken framework(BootConfig config, List<Path> bundles) throws IOException {
        if (!config.sharedParts()) {
            return IdleFrameworks.OF_THIS_JVM.take(bundles);
        }
        KernelFramework framework = SharedParts.framework(bundles);
        framework.touch(); // it is quickly made, and not kept
        return new IdleFrameworks.Taken(framework, List.of());
    }

    private static VirtualKernel begun(
            BootConfig config,
            Ahead<HostSlot> machine,
            KernelSlot kernel,
            IdleFrameworks.Taken taken,
            @Nullable Recomposition recomposition) {
        HostSlot host = null;
        try {
            host = machine.get();
            taken.framework().begin(host, kernel, recomposition);
            StartTrace.done("components are activated");
            VirtualKernel booted = new VirtualKernel(config, taken, host, kernel);
            booted.awaitReady();
            StartTrace.done("the kernel can run programs");
            return booted;
        } catch (RuntimeException e) {
            taken.framework().stop();
            if (host != null) {
                host.close();
            }
            throw e;
        }
    }

    /**
     * Boots a kernel whose parts lie on this class path.
     *
     * @param options of the composition
     * @param parts symbolic names
     */
    static VirtualKernel boot(BootConfig config, Map<String, String> options, List<String> parts) {
        Ahead<HostSlot> host = Ahead.of("machine", () -> BootPlan.machine(config));
        KernelSlot kernel = new KernelSlot(BootPlan.kernel(config, options));
        KernelFramework framework = KernelFramework.flat(FlatParts.here(Relaunch.jar()), parts);
        framework.touch(); // no other kernel follows
        return begun(config, host, kernel, new IdleFrameworks.Taken(framework, List.of()), null);
    }

    /** How long each bundle of a composition takes to start, in milliseconds by symbolic name; of a first start. */
    static Map<String, Double> startTimes(String composition) throws IOException {
        BootConfig config = BootConfig.standard().withKernel(composition);
        Composition kernel = Distribution.here().kernel(composition);
        BootConfig scheduled = config.withSched(kernel.sched());
        StartTimes times = new StartTimes();
        KernelFramework framework = KernelFramework.started(Distribution.here().bundles(kernel), times);
        HostSlot host = BootPlan.machine(scheduled);
        KernelSlot socket = new KernelSlot(BootPlan.kernel(scheduled, kernel.options()));
        times.restart();
        framework.begin(host, socket, null);
        Map<String, Double> millis = times.millis();
        framework.stop();
        host.close();
        return millis;
    }

    /** Where kernels are composed: of what there is here, for the user who runs this. */
    public static Workbench workbench() {
        Distribution here = Distribution.here();
        return new Workbench(here.kernels(), here.parts());
    }

    private void awaitReady() {
        List<String> policies =
                kernel.call(() -> kernel.missing().contains("kern") ? List.of(config.sched()) : kernel.schedPolicies());
        if (!policies.contains(config.sched())) {
            throw new BootException("there is no scheduler policy " + config.sched() + " in this kernel, only "
                    + String.join(", ", policies));
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_COME_UP);
        while (!kernel.call(kernel::running)) {
            if (ended()) {
                return;
            }
            if (System.nanoTime() > until) {
                throw new BootException(
                        "the kernel cannot run programs; missing: " + String.join(", ", kernel.call(kernel::missing)));
            }
            LockSupport.parkNanos(1_000_000);
        }
        if (!config.engine().isEmpty()) useEngine(config.engine());
    }

    private void useEngine(String name) {
        try {
            host.useEngine(name);
        } catch (HostException e) {
            throw new BootException(
                    "there is no engine " + name + " in this kernel, only " + String.join(", ", host.engines()), e);
        }
    }

    /** Whether it has come up and ended already. @throws BootException when it could not come up */
    private boolean ended() {
        End end = kernel.ended().toCompletableFuture().getNow(null);
        if (end != null && end.kind() == End.Kind.PANIC) {
            throw new BootException(end.message());
        }
        return end != null;
    }

    /** What it was booted with. */
    public BootConfig config() {
        return config;
    }

    /** The kernel's own interface. */
    public Kernel kernel() {
        return kernel;
    }

    /** The machine that it runs on. */
    public Host host() {
        return host;
    }

    /** The kernel's own shell. @throws BootException when this composition has none */
    public Monitor monitor() {
        return service(Monitor.class);
    }

    /** A service of this kernel's bundles, waited for a while. @throws BootException when there is none */
    public <T> T service(Class<T> type) {
        framework().touch(); // who has a service may leave something in it
        return framework().service(type, SECONDS_TO_COME_UP);
    }

    /** Adds bundles of this distribution to the kernel that runs, unless they are there. @throws BootException */
    public void add(String... bundles) {
        List<Path> jars = new ArrayList<>();
        try {
            for (String bundle : bundles) {
                jars.add(Distribution.here().bundle(bundle));
            }
        } catch (IOException e) {
            throw new BootException(e.getMessage(), e);
        }
        framework().add(jars);
    }

    /** A folder for temporary files, until the kernel is closed. */
    Path folder() {
        return framework().storage();
    }

    /** The framework's context: bundles and services of this kernel. */
    public BundleContext context() {
        return framework().context();
    }

    /** Runs a program without input to its end. @throws BootException when it cannot be started */
    public Output run(String... argv) {
        return run(new byte[0], argv);
    }

    /** Runs a program to its end. */
    public Output run(byte[] input, String... argv) {
        MemoryChannel in = new MemoryChannel(input);
        MemoryChannel out = new MemoryChannel(new byte[0]);
        MemoryChannel err = new MemoryChannel(new byte[0]);
        int status = start(List.of(argv), in, out, err).join();
        return new Output(status, out.written(), err.written());
    }

    /**
     * Starts a program on channels of the caller's, with the environment and the working directory of the boot.
     *
     * @param err may be the same as {@code out}
     * @return completed with its status when it has ended, or with the kernel's when that ends before
     */
    public CompletableFuture<Integer> start(List<String> argv, Channel in, Channel out, Channel err) {
        return start(argv, config.env(), config.cwd(), in, out, err);
    }

    /** Starts a program. */
    public CompletableFuture<Integer> start(
            List<String> argv, List<String> env, String cwd, Channel in, Channel out, Channel err) {
        return launch(argv, env, cwd, in, out, err).status();
    }

    /** Starts a program that can be sent signals. @throws StartException when it cannot be executed */
    public Program launch(List<String> argv, List<String> env, String cwd, Channel in, Channel out, Channel err) {
        Map<Channel, String> names = new LinkedHashMap<>();
        String run = "run" + RUNS.incrementAndGet();
        for (Channel channel : List.of(in, out, err)) {
            names.computeIfAbsent(channel, plugged -> {
                String name = run + "." + names.size();
                host.plug(name, plugged);
                return name;
            });
        }
        Spawn program = new Spawn(argv, env, cwd, names.get(in), names.get(out), names.get(err));
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Result<Process> started = spawn(program, status -> ended.completeAsync(() -> status));
        if (!started.ok()) {
            names.values().forEach(host::unplug);
            throw new StartException(argv.getFirst(), (int) -started.error(), started.why());
        }
        kernel.ended().thenAccept(end -> ended.complete(end.status()));
        StartTrace.done(argv.getFirst() + " runs");
        return new Program(
                kernel,
                started.value(),
                ended.whenComplete((status, failure) -> names.values().forEach(host::unplug)));
    }

    /**
     * A process whose system calls are made from here, with the working directory of the boot.
     *
     * @throws StartException when the kernel has no room for it
     */
    public Guest client() {
        String channel = "client" + RUNS.incrementAndGet();
        host.plug(channel, new MemoryChannel(new byte[0]));
        Spawn nothing = new Spawn(List.of(), config.env(), config.cwd(), channel, channel, channel);
        Result<Process> started = spawn(nothing, status -> {});
        Result<LocalGuest> guest = started.ok() ? LocalGuest.of(kernel, started.value()) : started.failure();
        host.unplug(channel);
        if (!guest.ok()) {
            throw new StartException("a client", (int) -guest.error(), guest.why());
        }
        return guest.value();
    }

    /** While the kernel stands still, because a part of it is being replaced, whoever wants something waits. */
    private Result<Process> spawn(Spawn program, IntConsumer exited) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_COME_UP);
        Result<Process> started = kernel.spawn(program, exited);
        while (started.error() == -Errno.EAGAIN && !kernel.running() && end().isEmpty() && System.nanoTime() < until) {
            LockSupport.parkNanos(1_000_000);
            started = kernel.spawn(program, exited);
        }
        return started;
    }

    /** Waits until what the guest has printed has been taken, or the kernel has ended. */
    public void awaitOutput() {
        while (!kernel.ended().toCompletableFuture().isDone()
                && !kernel.call(() -> kernel.streams().drained())) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** How the kernel ended, if it has. */
    public Optional<End> end() {
        return Optional.ofNullable(kernel.ended().toCompletableFuture().getNow(null));
    }

    /** Waits for the kernel's end. */
    public End await() {
        return kernel.ended().toCompletableFuture().join();
    }

    /** Waits for the kernel's end. @throws TimeoutException when it does not come */
    public End await(long seconds) throws TimeoutException, InterruptedException {
        try {
            return kernel.ended().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the kernel, whatever runs, and frees all that it held. Again: does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            kernel.shutdown(new End(End.Kind.HALT, 255, "closed"));
            kernel.call(this::unmountDisks);
        } catch (IllegalStateException lost) { // the lock is never given back
            LOG.error("what lies on disks and in folders is as it was when the kernel was lost", lost);
        }
        Dmesg log = kernel.dmesg();
        boolean whole = taken.framework().end() && kernel.stats().oopses == 0;
        kernel.close();
        try {
            host.close();
        } catch (IllegalStateException lost) { // a hart that is stuck may come out one day, and must find its memory
            LOG.error("the machine of a kernel that was lost is left as it is", lost);
        }
        if (whole) {
            log.restart(); // only now: nothing of this kernel logs any more
            IdleFrameworks.OF_THIS_JVM.giveBack(taken);
        } else {
            taken.framework().stop();
        }
    }

    /** What lies on disks and in folders of this machine is written out, and left as by umount(2): no user code runs any more. */
    private boolean unmountDisks() {
        List<String> missing = kernel.missing();
        boolean none = config.disks().isEmpty()
                && host.blockFiles().isEmpty()
                && host.folders().isEmpty();
        if (none || missing.contains("vfs") || missing.contains("vm")) {
            return false;
        }
        Set<SuperBlock> done = new HashSet<>();
        for (Mount mount : kernel.vfs().mounts()) {
            FileSystemType fs = mount.sb.type.orNull();
            boolean ofHost = mount.sb.data instanceof HostVolume;
            if (fs != null && (ofHost || !fs.nodev()) && done.add(mount.sb)) {
                fs.unmount(mount.sb);
            }
        }
        return true;
    }

    /** Of this kernel still. */
    private KernelFramework framework() {
        if (closed.get()) {
            throw new IllegalStateException("the kernel is closed");
        }
        return taken.framework();
    }
}
