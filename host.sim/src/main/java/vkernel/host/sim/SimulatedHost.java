package vkernel.host.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.BlockFile;
import vkernel.host.Channel;
import vkernel.host.Clock;
import vkernel.host.Entropy;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.MachineConfig;
import vkernel.host.Ram;
import vkernel.host.Rom;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;

/**
 * A machine simulated on the JVM. It wires its parts and does nothing else.
 *
 * <p>As a component it uses the execution engine of the highest service ranking (narrowed by the component property
 * {@code engine.target}) and changes to a better one while harts run.
 */
@Component(service = Host.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "host", attribute = "host=sim")
@Requirement(namespace = "vkernel.subsystem", name = "engine", effective = "active")
public final class SimulatedHost implements Host, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedHost.class);

    private final MachineConfig config;
    private final Arena arena = Arena.ofShared();
    private final Engines engines = new Engines();
    private final Shootdown shootdown = new Shootdown();
    private final SimulatedRam ram;
    private final MachineClock clock;
    private final Entropy entropy;
    private final Core[] cores;
    private final Spaces vmspaces;
    private final Queue<Disk> disks = new ConcurrentLinkedQueue<>();
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();

    /** A machine whose engine is bound later. */
    @Activate
    public SimulatedHost(@Reference MachineConfig config) {
        this.config = config;
        this.channels.putAll(config.channels());
        this.ram = ram(config);
        this.clock = clock(config);
        this.entropy = virtual(config) ? new SeededEntropy(config.seed()) : new HostEntropy();
        StaleTranslations stale = config.checkTranslations() ? new StaleTranslations(clock) : null;
        this.cores = cores(config, stale);
        this.vmspaces = new Spaces(ram, cores, engines, shootdown, clock, stale);
        LOG.info("machine: {} KiB RAM, {} harts, {} time", config.ramBytes() >> 10, config.harts(), config.time());
    }

    /** A machine in plain Java. The engine must be this machine's own. */
    public SimulatedHost(MachineConfig config, Engine engine) {
        this(config);
        bindEngine(engine);
    }

    private SimulatedRam ram(MachineConfig machine) {
        long size = machine.ramBytes();
        MemorySegment memory = HostMemory.reserve(size + (size >>> Vpte.PAGE_SHIFT), arena);
        CodeFrames code = new CodeFrames(memory.asSlice(size), shootdown, engines);
        return new SimulatedRam(memory.asSlice(0, size), code);
    }

    private static MachineClock clock(MachineConfig machine) {
        return virtual(machine) ? new VirtualClock(machine.harts(), machine.seed()) : new RealClock(machine.harts());
    }

    private static boolean virtual(MachineConfig machine) {
        return machine.time() == MachineConfig.Time.VIRTUAL;
    }

    private Core[] cores(MachineConfig machine, @Nullable StaleTranslations stale) {
        Core[] all = new Core[machine.harts()];
        Arrays.setAll(all, id -> new Core(id, ram, clock, stale));
        shootdown.cores(all);
        if (stale != null) stale.cores(all);
        return all;
    }

    @Reference(name = "engine", policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindEngine(Engine engine) {
        engines.bind(engine, ram);
        LOG.info("engine: {}", engine.name());
    }

    /** Called after the successor was bound, if there is one. */
    void unbindEngine(Engine engine) {
        engines.unbind(engine, shootdown);
    }

    @Override
    public MachineConfig config() {
        return config;
    }

    @Override
    public Ram ram() {
        return ram;
    }

    @Override
    public Vmspaces vmspaces() {
        return vmspaces;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Entropy entropy() {
        return entropy;
    }

    @Override
    public Hart hart(int id) {
        return cores[id].hart;
    }

    @Override
    public Channel channel(String name) {
        return named(channels, "channel", name);
    }

    @Override
    public void plug(String name, Channel channel) {
        if (channels.putIfAbsent(name, channel) != null) {
            throw new HostException(Reason.EXISTS, "the machine has a channel named " + name);
        }
    }

    @Override
    public void unplug(String name) {
        channels.remove(name);
    }

    @Override
    public Rom rom(String name) {
        return named(config.roms(), "ROM", name);
    }

    @Override
    public BlockFile open(String name) {
        Path path = named(config.blockFiles(), "block file", name);
        Disk disk = Disk.open(path, ram, virtual(config));
        disks.add(disk);
        return disk;
    }

    private static <T> T named(Map<String, T> things, String kind, String name) {
        T thing = things.get(name);
        if (thing == null) throw new HostException(Reason.ABSENT, "the machine has no " + kind + " named " + name);
        return thing;
    }

    /**
     * Ends the machine: waits for harts to leave user code, ends their idling, closes block files and frees the RAM.
     * Using the RAM afterwards throws {@link IllegalStateException}. Not to be called by a hart that runs.
     */
    @Deactivate
    @Override
    public void close() {
        engines.close(shootdown);
        clock.stop();
        disks.forEach(Disk::close);
        if (arena.scope().isAlive()) arena.close();
    }
}
