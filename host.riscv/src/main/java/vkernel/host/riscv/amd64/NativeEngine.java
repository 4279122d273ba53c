package vkernel.host.riscv.amd64;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import vkernel.host.Ram;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;
import vkernel.host.riscv.CodeCache;
import vkernel.host.riscv.DecodedPage;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Mark;
import vkernel.host.riscv.Marker;

/** The engine that writes the host's own machine code. */
@Component(
        service = Engine.class,
        property = {"engine=native", "service.ranking:Integer=2"})
@Capability(namespace = "vkernel.subsystem", name = "engine", attribute = "engine=native")
public final class NativeEngine implements Engine, Marker {
    /** Times a place is met before it is translated. */
    private static final int PATIENCE = 4;

    private final int patience;
    private final List<Hart> harts = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile @Nullable CodeCache cache;
    private volatile @Nullable CodeSpace space; // written under this
    private volatile int generation; // of the space

    /** For the service registry. */
    public NativeEngine() {
        this(PATIENCE);
    }

    /** @param patience times a place is met before it is translated */
    public NativeEngine(int patience) {
        this.patience = Integer.getInteger("nat.patience", patience);
        if (Boolean.getBoolean("nat.stat")) Runtime.getRuntime().addShutdownHook(new Thread(() -> System.err.println(stat())));
    }
    long nanos; int blocks, insnsDone;

    @Override
    public String name() {
        return "native";
    }

    @Override
    public boolean usable() {
        return Features.SUFFICE;
    }

    @Override
    public void attach(Ram ram) {
        CodeCache known = cache;
        if (known != null && known.of(ram)) return;
        harts.clear();
        cache = new CodeCache(ram, this);
    }

    @Override
    public int run(Hart hart, long budget, boolean exact) {
        return core(hart).run(budget, exact);
    }

    @Override
    public void codeChanged(int frame) {
        Objects.requireNonNull(cache, "attach comes before run").forget(frame);
    }

    @Override
    public int patience() {
        return patience;
    }

    @Override
    public Mark mark() {
        return new Entry();
    }

    @Override
    public void dropped(DecodedPage page) {
        changed();
    }

    private void changed() {
        changes.incrementAndGet();
        for (Hart hart : harts) hart.ask(Hart.FLUSH);
    }

    int changes() {
        return changes.get();
    }

    @Nullable
    CodeSpace space() {
        return space;
    }

    /** Code of a block there is already, or 0. */
    long known(Entry entry, long va) {
        return entry.code(va, generation);
    }

    /** Writes the block at an address. @return its code, or 0 if there can be none now */
    synchronized long translate(DecodedPage page, long va, Entry entry) {
        long known = known(entry, va);
        if (known != 0) return known;
        long t0 = System.nanoTime();
        List<Insn> insns = Blocks.instructions(page, va);
        if (insns.isEmpty()) return 0;
        CodeSpace into = room();
        if (into == null) return 0;
        Asm asm = into.block();
        Blocks.write(insns, asm, into);
        if (page.dropped()) return 0;
        long code = into.add(asm);
        entry.add(va, generation, code);
        nanos += System.nanoTime() - t0; blocks++; insnsDone += insns.size();
        return code;
    }

    /** A space with room for a block. */
    private @Nullable CodeSpace room() {
        CodeSpace now = space;
        if (now != null && now.room()) return now;
        space = now = CodeSpace.make();
        generation++;
        changed();
        return now;
    }

    public String stat() {
        StringBuilder s = new StringBuilder();
        CodeSpace now = space;
        s.append("bytes ")
                .append(now == null ? 0 : now.used())
                .append(" gen ")
                .append(generation)
                .append(" blocks ").append(blocks).append(" insns ").append(insnsDone).append(" ms ").append(nanos / 1000000).append(" changes ")
                .append(changes);
        for (Hart h : harts)
            if (h.engineState instanceof NativeCore c)
                s.append(" exits ")
                        .append(java.util.Arrays.toString(c.exits))
                        .append(" interpreted ")
                        .append(c.interpreted)
                        .append(" of ")
                        .append(h.retired);
        return s.toString();
    }

    private NativeCore core(Hart hart) {
        CodeCache code = Objects.requireNonNull(cache, "attach comes before run");
        if (hart.engineState instanceof NativeCore known && known.belongsTo(code)) return known;
        NativeCore core = new NativeCore(hart, code, this);
        hart.engineState = core;
        if (!harts.contains(hart)) harts.add(hart);
        return core;
    }
}
