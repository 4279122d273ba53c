package vkernel.host.riscv.jit;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
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
        property = {"engine=translator", "service.ranking:Integer=-1"})
@Capability(namespace = "vkernel.subsystem", name = "engine", attribute = "engine=translator")
public final class Translator implements Engine, Marker, AutoCloseable {
    /** Regions kept at most. */
    private static final int MOST_REGIONS = 20_000;
    /** Times a place is met before it is translated. */
    private static final int HOT = 40;

    private final Hints hints = new Hints();
    private final Regions regions = new Regions(MOST_REGIONS);
    private final List<Hart> harts = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();

    /** Set by {@link #attach}, before any run. */
    private volatile @Nullable CodeCache cache;

    private volatile @Nullable CompileQueue queue;

    private final int hot;
    private final boolean atOnce;

    /** For the service registry. */
    public Translator() {
        this(HOT, false);
    }

    /**
     * A translator of its own temper, for tests.
     *
     * @param hot times a place is met before it is translated
     * @param atOnce whether whoever asks for a translation waits for it
     */
    public Translator(int hot, boolean atOnce) {
        this.hot = hot;
        this.atOnce = atOnce;
    }

    @Override
    public String name() {
        return "translator";
    }

    @Override
    public void attach(Ram ram) {
        CodeCache known = cache;
        if (known != null && known.of(ram)) return;
        cache = new CodeCache(ram, this);
        queue = new CompileQueue(new RegionMaker(hints), regions);
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
    public Mark mark(long in) {
        return new Spot(in);
    }

    @Override
    public void dropped(DecodedPage page) {
        if (regions.drop(page) == 0) return;
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

    int hot() {
        return hot;
    }

    /** Times that code with translations has changed. */
    int changes() {
        return changes.get();
    }

    void request(Spot.Entry entry, Text text) {
        Objects.requireNonNull(queue).add(entry, text, atOnce);
    }

    private Dispatcher dispatcher(Hart hart) {
        CodeCache code = Objects.requireNonNull(cache, "attach comes before run");
        if (hart.engineState instanceof Dispatcher known && known.belongsTo(code)) return known;
        Dispatcher fresh = new Dispatcher(hart, code, this);
        hart.engineState = fresh;
        if (!harts.contains(hart)) harts.add(hart);
        return fresh;
    }

    /** Ends the engine: its classes go with it. No hart runs in it any more. */
    @Deactivate
    @Override
    public void close() {
        CompileQueue working = queue;
        if (working != null) working.close();
        regions.clear();
    }
}
