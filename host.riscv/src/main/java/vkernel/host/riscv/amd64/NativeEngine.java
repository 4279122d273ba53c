package vkernel.host.riscv.amd64;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/**
 * The fastest engine, for hosts with an x86-64 processor and Linux: interprets code a few times, then writes machine code
 * for it. Blocks belong to frames, so what one process has had written the next one executes.
 */
@Component(
        service = Engine.class,
        property = {"engine=native", "service.ranking:Integer=2"})
@Capability(namespace = "vkernel.subsystem", name = "engine", attribute = "engine=native")
public final class NativeEngine implements Engine, Marker {
    /** Times a place is met before its block is written. */
    private static final int PATIENCE = 16;
    /** Bytes of machine code before all is forgotten: a page's worth of guest code becomes some 50 KiB. */
    private static final int SPACE = 64 << 20;

    /** Opening a page costs as much as some thousand accesses without. */
    private static final int SHUT = 4096;

    private final int patience;
    private final int spaceBytes;
    /** Checks of a new process that find a page shut, and go on in a block's twin, before one has it opened. */
    final int shut;

    private final List<Hart> harts = new CopyOnWriteArrayList<>();
    private final List<NativeCore> cores = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    /** Set by {@link #attach}, before any run. */
    private volatile @Nullable CodeCache cache;

    private volatile @Nullable CodeSpace space; // written under this
    private volatile int generation; // of the space; written under this
    private long blocks; // guarded by this, as what follows
    private long twins;
    private long instructions;
    private long nanos;

    /** For the service registry. */
    public NativeEngine() {
        this(PATIENCE, SPACE, SHUT);
    }

    /**
     * An engine of its own temper, for tests.
     *
     * @param patience times a place is met before its block is written
     * @param spaceBytes bytes of machine code before all is forgotten, some 200 KiB at least
     * @param shut accesses of a new process to pages that are not open before one is opened, 1 at least
     */
    public NativeEngine(int patience, int spaceBytes, int shut) {
        this.patience = patience;
        this.spaceBytes = spaceBytes;
        this.shut = shut;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public boolean usable() {
        return Features.SUFFICE;
    }

    @Override
    public synchronized void attach(Ram ram) {
        CodeCache known = cache;
        if (known != null && known.of(ram)) return;
        harts.clear();
        cores.clear();
        cache = new CodeCache(ram, this);
    }

    @Override
    public int run(Hart hart, long budget, boolean exact) {
        return core(hart).run(budget, exact);
    }

    @Override
    public void codeChanged(int frame) {
        attached().forget(frame);
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

    /** Every hart is to forget where blocks are: some are no more. */
    private void changed() {
        changes.incrementAndGet();
        for (Hart hart : harts) hart.ask(Hart.FLUSH);
    }

    int changes() {
        return changes.get();
    }

    /** Where blocks are written now. A hart must hold it while it executes one, and ask anew after a change. */
    @Nullable
    CodeSpace space() {
        return space;
    }

    /** The code of a block that was written already, or 0. */
    long known(Entry entry, long va, boolean twin) {
        return entry.code(va, generation, twin);
    }

    /** Writes the block at an address. @return its code, or 0 if there can be none now */
    synchronized long write(DecodedPage page, long va, Entry entry, boolean twin) {
        long known = known(entry, va, twin);
        if (known != 0) return known;
        long start = System.nanoTime();
        List<Insn> insns = Blocks.instructions(page, va);
        CodeSpace into = insns.isEmpty() ? null : room();
        if (into == null) return 0;
        Asm asm = into.block();
        Blocks.write(insns, asm, into, twin);
        if (page.dropped()) return 0;
        long code = into.add(asm);
        entry.add(va, generation, twin, code);
        if (twin) twins++;
        else blocks++;
        instructions += insns.size();
        nanos += System.nanoTime() - start;
        return code;
    }

    /** A space in which there is room; null where the host has none. */
    private @Nullable CodeSpace room() {
        CodeSpace now = space;
        if (now != null && now.room()) return now;
        space = now = CodeSpace.make(spaceBytes);
        generation++;
        changed();
        return now;
    }

    private NativeCore core(Hart hart) {
        CodeCache code = attached();
        if (hart.engineState instanceof NativeCore known && known.belongsTo(code)) return known;
        NativeCore core = new NativeCore(hart, code, this);
        hart.engineState = core;
        if (!harts.contains(hart)) harts.add(hart);
        cores.add(core);
        return core;
    }

    private CodeCache attached() {
        return Objects.requireNonNull(cache, "attach comes before run");
    }

    @Override
    public synchronized Map<String, Long> figures() {
        CodeSpace now = space;
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("blocks", blocks);
        all.put("twin_blocks", twins);
        all.put("instructions", instructions);
        all.put("writing_ms", nanos / 1_000_000);
        all.put("bytes", now == null ? 0 : now.used());
        all.put("spaces", (long) generation);
        all.put("code_changes", (long) changes());
        for (NativeCore core : cores) core.figures().forEach((name, value) -> all.merge(name, value, Long::sum));
        return all;
    }
}
