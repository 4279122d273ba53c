package vkernel.host.riscv.jit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.Ram;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;
import vkernel.host.riscv.CodeCache;
import vkernel.host.riscv.DecodedPage;
import vkernel.host.riscv.Mark;
import vkernel.host.riscv.Marker;

/** The fast engine: interprets code until it is hot, then runs it as JVM bytecode. */
@Component(
        service = Engine.class,
        property = {"engine=translator", "service.ranking:Integer=1"})
@Capability(namespace = "vkernel.subsystem", name = "engine", attribute = "engine=translator")
public final class Translator implements Engine, Marker, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Translator.class);
    /** Regions kept at most. */
    private static final int MOST_REGIONS = 20_000;
    /** Bytecodes kept at most: HotSpot's code for them is some eight times as large, and its cache has 240 MiB. */
    private static final long MOST_BYTES = 30_000_000;
    /** Times a place is met before it is translated. */
    private static final int HOT = 1_000;

    private final Hints hints = new Hints();
    private final Regions regions;
    private final List<Hart> harts = new CopyOnWriteArrayList<>();
    private final List<Dispatcher> dispatchers = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();

    /** Set by {@link #attach}, before any run. */
    private volatile @Nullable CodeCache cache;

    private @Nullable CompileQueue queue; // guarded by this; made for the first request

    private final int hot;
    private final boolean atOnce;
    /** Whether regions use windows: until a host has none. */
    private volatile boolean windows;

    /** For the service registry. */
    public Translator() {
        this(HOT, false, true, MOST_REGIONS);
    }

    /**
     * A translator of its own temper, for tests.
     *
     * @param hot times a place is met before it is translated
     * @param atOnce whether whoever asks for a translation waits for it
     * @param windows whether to use windows where the host has them
     */
    public Translator(int hot, boolean atOnce, boolean windows) {
        this(hot, atOnce, windows, MOST_REGIONS);
    }

    /** As above. @param most regions that are kept */
    public Translator(int hot, boolean atOnce, boolean windows, int most) {
        this.regions = new Regions(most, MOST_BYTES);
        this.hot = hot;
        this.atOnce = atOnce;
        this.windows = windows;
    }

    @Override
    public String name() {
        return "translator";
    }

    @Override
    public void attach(Ram ram) {
        CodeCache known = cache;
        if (known != null && known.of(ram)) return;
        close();
        harts.clear();
        dispatchers.clear();
        cache = new CodeCache(ram, this);
    }

    @Override
    public int run(Hart hart, long budget, boolean exact) {
        return dispatcher(hart).run(budget, exact);
    }

    @Override
    public void codeChanged(int frame) {
        Objects.requireNonNull(cache, "attach comes before run").forget(frame);
    }

    @Override
    public int patience() {
        return hot;
    }

    @Override
    public Mark mark() {
        return new Spot();
    }

    @Override
    public void dropped(DecodedPage page) {
        if (regions.drop(page) != 0) changed();
    }

    /** Regions were dropped to make room: every hart looks up those it uses, which tells how old the others are. */
    void evicted() {
        for (Hart hart : harts) hart.ask(Hart.FLUSH);
    }

    private void changed() {
        changes.incrementAndGet();
        // Whoever runs dropped code leaves it at its next look; there is nothing to flush.
        for (Hart hart : harts) hart.ask(Hart.FLUSH);
    }

    Hints hints() {
        return hints;
    }

    Regions regions() {
        return regions;
    }

    boolean windows() {
        return windows;
    }

    /** The host has no windows, or no room: goes on with the TLB alone. */
    synchronized void withoutWindows() {
        if (!windows) return;
        windows = false;
        LOG.debug("no windows: regions use the TLB");
        regions.clear();
        changed();
    }

    int hot() {
        return hot;
    }

    /** Times that code with translations has changed. */
    int changes() {
        return changes.get();
    }

    void request(Spot.Entry entry, Text text) {
        queue().add(entry, text, windows, atOnce);
    }

    private Dispatcher dispatcher(Hart hart) {
        CodeCache code = Objects.requireNonNull(cache, "attach comes before run");
        if (hart.engineState instanceof Dispatcher known && known.belongsTo(code)) return known;
        Dispatcher fresh = new Dispatcher(hart, code, this);
        hart.engineState = fresh;
        if (!harts.contains(hart)) harts.add(hart);
        dispatchers.add(fresh);
        return fresh;
    }

    private synchronized CompileQueue queue() {
        CompileQueue working = queue;
        if (working == null) {
            CodeCache code = Objects.requireNonNull(cache, "attach comes before run");
            Dispatcher idle = new Dispatcher(new Hart(0), code, this);
            queue = working = new CompileQueue(new RegionMaker(hints), regions, idle, this::evicted);
        }
        return working;
    }

    @Override
    public synchronized Map<String, Long> figures() {
        CompileQueue working = queue;
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("regions", (long) regions.count());
        all.put("instructions", regions.instructions());
        all.put("bytecodes", regions.bytes());
        all.put("translations", working == null ? 0 : working.made());
        all.put("failed", working == null ? 0 : working.failed());
        all.put("translating_ms", working == null ? 0 : working.nanos() / 1_000_000);
        all.put("queue", working == null ? 0 : (long) working.size());
        all.put("evicted", regions.evicted());
        all.put("code_changes", (long) changes());
        long[] sums = new long[Counters.NAMES.size()];
        for (Dispatcher d : dispatchers) d.counters().addTo(sums);
        for (int i = 0; i < sums.length; i++) all.put(Counters.NAMES.get(i), sums[i]);
        return all;
    }

    /** What harts do outside regions: a place that is hot here is one that wants a region, or a better one. */
    @Override
    public Optional<String> profile(Duration time) throws InterruptedException {
        Hotspots hotspots = new Hotspots();
        dispatchers.forEach(d -> d.profile(hotspots));
        try {
            Thread.sleep(time);
        } finally {
            dispatchers.forEach(d -> d.profile(null));
        }
        return Optional.of(hotspots.text());
    }

    /** Ends the engine: its classes go with it. No hart runs in it any more. */
    @Deactivate
    @Override
    public synchronized void close() {
        CompileQueue working = queue;
        if (working != null) working.close();
        queue = null;
        regions.clear();
    }
}
