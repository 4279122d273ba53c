package vkernel.host.sim;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.BlockFile;
import vkernel.host.BlockSource;
import vkernel.host.Channel;
import vkernel.host.Clock;
import vkernel.host.Entropy;
import vkernel.host.Exchange.Kind;
import vkernel.host.HostSlot;
import vkernel.host.Machine;
import vkernel.host.MachineConfig;
import vkernel.host.MachineState;
import vkernel.host.Ram;
import vkernel.host.Rom;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;

/**
 * A machine simulated on the JVM: its life and its engines; the parts are a {@link Board}'s.
 *
 * <p>As a component it puts itself into the socket and so takes the machine over from the host before; it uses the
 * engine that somebody asked for, or that of the highest service ranking, and changes to a better one while harts run.
 */
@Component(
        service = {},
        immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "host", attribute = "host=sim")
@Requirement(namespace = "vkernel.subsystem", name = "engine", effective = "active")
public final class SimulatedHost implements Machine, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedHost.class);

    private static final int WARM_SPACES = 64;
    private static final int WARM_TIMES = 8;

    private final Engines engines = new Engines();
    private final AtomicLong bindings = new AtomicLong();
    private final @Nullable HostSlot slot;
    private final String name;

    private volatile @Nullable Board board; // the last one; null before the first
    private volatile boolean inUse;

    /** A host whose engines are bound next and which is then put into the socket. */
    @Activate
    public SimulatedHost(BundleContext context, @Reference HostSlot slot) {
        this.slot = slot;
        Bundle bundle = context.getBundle();
        name = bundle.getSymbolicName() + "#" + bundle.getBundleId() + " "
                + getClass().getSimpleName();
    }

    private SimulatedHost() {
        slot = null;
        name = getClass().getSimpleName();
    }

    /** A machine in plain Java. */
    public SimulatedHost(MachineConfig config, Engine engine) {
        this();
        add(engine);
        adopt(MachineState.fresh(config));
    }

    /** A host in plain Java that is still to take over a machine. */
    public static SimulatedHost withoutMachine(Engine engine) {
        SimulatedHost host = new SimulatedHost();
        host.add(engine);
        return host;
    }

    // --- its life ---------------------------------------------------------------------------------------------------

    @Activate
    void activate() {
        if (slot == null) return;
        if (slot.machine().isPresent()) {
            warm(slot.config());
            choice(null);
        }
        slot.fill(this);
        MachineConfig config = slot.config();
        LOG.info("machine: {} KiB RAM, {} harts, {} time", config.ramBytes() >> 10, config.harts(), config.time());
        slot.ram().closeWindows(); // of the host before
    }

    /**
     * Has the classes loaded, and the handover compiled, before the machine stands still for them: a small one is made,
     * used and handed over some times.
     */
    private static void warm(MachineConfig wanted) {
        MachineConfig small = new MachineConfig(
                MachineConfig.MIN_RAM,
                1,
                wanted.time(),
                wanted.seed(),
                wanted.checkTranslations(),
                Map.of(),
                Map.of(),
                Map.of());
        try (Ram ram = new Ram(MachineConfig.MIN_RAM)) {
            MachineState fresh = MachineState.of(small, ram);
            Board board = new Board(fresh, new Engines());
            for (int id = 1; id <= WARM_SPACES; id++) {
                board.vmspaces.create(id);
                board.vmspaces.mmap(id, 0, Vpte.PAGE_SIZE, Vmspaces.READ, 0);
            }
            board.vmspaces.pread(1, new byte[1], 0, 1, 0);
            for (int times = 0; times < WARM_TIMES; times++) {
                MachineState state = board.release();
                state.check();
                board = new Board(state, new Engines());
            }
            board.release();
        }
    }

    @Deactivate
    void deactivate() {
        if (slot == null) return;
        slot.empty(this);
        slot.ram().closeWindows();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void adopt(MachineState state) {
        board = new Board(state, engines);
        inUse = true;
        engines.use(choice(null));
    }

    @Override
    public MachineState release() {
        inUse = false;
        return board().release();
    }

    /**
     * Ends a machine in plain Java: waits for harts to leave user code, ends their idling, closes block files and frees
     * the RAM. Using the RAM afterwards throws {@link IllegalStateException}. Not to be called by a hart that runs.
     */
    @Override
    public void close() {
        if (!inUse) return;
        inUse = false;
        board().stop();
        board().disks.close();
        ram().close();
    }

    private Board board() {
        Board now = board;
        if (now == null) throw new IllegalStateException("this host has no machine yet");
        return now;
    }

    // --- engines ----------------------------------------------------------------------------------------------------

    /** One of any ranking in plain Java: better than those before. */
    void add(Engine engine) {
        bindEngine(engine, Map.of());
    }

    @Reference(
            name = "engine",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEngine(Engine engine, Map<String, Object> properties) {
        if (!engine.usable()) {
            LOG.debug("engine: {} cannot be used on this machine", engine.name());
            return;
        }
        int rank = properties.get(Constants.SERVICE_RANKING) instanceof Integer given ? given : 0;
        long order = properties.get(Constants.SERVICE_ID) instanceof Long id ? id : bindings.incrementAndGet();
        String from = properties.get(Constants.SERVICE_BUNDLEID) instanceof Long id ? "#" + id : "";
        String label = engine.name() + from;
        if (slot == null || !inUse) {
            engines.add(engine, label, rank, order);
            use(choice(null));
        } else if (!attached(slot, engine, label, rank, order)) {
            LOG.warn("engine: {} cannot be attached", label);
        } else if (slot.rehearsing()) {
            slot.exchange(Kind.REHEARSED, "engine", engines.label(engines.orNull()), label, "", () -> {});
        } else {
            use(choice(null));
        }
    }

    /** An engine comes to a machine that runs; when it fails at that, that is noted. */
    private boolean attached(HostSlot of, Engine engine, String label, int rank, long order) {
        try {
            engines.add(engine, label, rank, order);
            return true;
        } catch (RuntimeException | LinkageError e) {
            of.refused("engine", engines.label(engines.orNull()), label, e.toString());
            return false;
        }
    }

    void unbindEngine(Engine engine) {
        if (engines.orNull() == engine) use(choice(engine));
        if (slot != null && inUse) slot.trust(engines.label(engine)); // else it is this host that goes
        engines.remove(engine);
    }

    private @Nullable Engine choice(@Nullable Engine without) {
        return engines.choice(without, label -> slot != null && slot.distrusted(label));
    }

    @Override
    public Map<String, Long> engineFigures() {
        return engines.figures();
    }

    @Override
    public Optional<String> engineProfile(Duration time) throws InterruptedException {
        return engines.profile(time);
    }

    @Override
    public void useEngine(String name) {
        engines.want(name);
        if (slot != null) engines.labels(name).forEach(slot::trust);
        use(choice(null));
    }

    @Override
    public boolean leaveEngine(String why) {
        Engine bad = engines.orNull();
        Engine next = choice(bad);
        if (next == null) return false;
        use(next, Kind.TAKEN_BACK, why);
        return true;
    }

    /** Changes the engine under running harts. */
    private void use(@Nullable Engine next) {
        use(next, Kind.DONE, "");
    }

    private void use(@Nullable Engine next, Kind kind, String why) {
        if (!inUse || engines.orNull() == next) return;
        Runnable change = () -> {
            engines.use(next);
            board().leaveEngine();
        };
        if (slot == null) change.run();
        else slot.exchange(kind, "engine", engines.label(engines.orNull()), engines.label(next), why, change);
        LOG.info("engine: {}", next == null ? "none" : next.name());
    }

    @Override
    public List<String> engines() {
        return engines.names();
    }

    @Override
    public Optional<String> engine() {
        return engines.name();
    }

    // --- the machine ------------------------------------------------------------------------------------------------

    @Override
    public MachineConfig config() {
        return board().state().config();
    }

    @Override
    public Ram ram() {
        return board().state().ram();
    }

    @Override
    public Vmspaces vmspaces() {
        return board().vmspaces;
    }

    @Override
    public Clock clock() {
        return board().clock;
    }

    @Override
    public Entropy entropy() {
        return board().entropy;
    }

    @Override
    public Hart hart(int id) {
        return board().harts().get(id);
    }

    @Override
    public Channel channel(String name) {
        return MachineState.named(board().state().channels(), "channel", name);
    }

    @Override
    public void plug(String name, Channel channel) {
        MachineState.plug(board().state().channels(), "channel", name, channel);
    }

    @Override
    public void unplug(String name) {
        board().state().channels().remove(name);
    }

    @Override
    public Rom rom(String name) {
        return MachineState.named(config().roms(), "ROM", name);
    }

    @Override
    public BlockFile open(String name) {
        return board().disks.open(name);
    }

    @Override
    public Map<String, BlockSource> blockFiles() {
        return Map.copyOf(board().state().blockFiles());
    }

    @Override
    public void plug(String name, BlockSource file) {
        MachineState.plug(board().state().blockFiles(), "block file", name, file);
    }

    @Override
    public void unplugFile(String name) {
        board().disks.unplug(name);
    }

    @Override
    public BlockFile opened(String name) {
        return board().disks.opened(name);
    }
}
