package vkernel.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vkernel.host.Exchange.Kind;
import vkernel.host.engine.Hart;

/**
 * The socket of a host: a machine that stays while the code that runs it is exchanged (an OSGi service for ever, made
 * by whoever starts the kernel). RAM, harts, channels and ROMs are its own; the rest is asked of the {@link Machine}
 * that is in use now, so what it gives may be kept: a clock, the vmspaces, an open block file.
 *
 * <p>While there is no machine its state is kept here and time stands still; a call that needs one throws
 * {@link IllegalStateException}.
 */
public final class HostSlot implements Host, AutoCloseable {
    private final MachineConfig config;
    private final Ram ram;
    private final List<Hart> harts;
    private final Map<String, Channel> channels;
    private final Map<String, BlockSource> blockFiles;
    private final Map<String, Folder> folders = new ConcurrentHashMap<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet(); // names of block files
    private final Vmspaces vmspaces = new SlotVmspaces(this);
    private final SlotClock clock;

    private volatile Consumer<Runnable> user = Runnable::run;
    private volatile @Nullable Machine machine; // written under this, with the user standing still
    private volatile boolean ready; // likewise
    private @Nullable MachineState kept; // guarded by this; null while there is a machine
    private volatile @Nullable Machine former; // written under this; null once it has gone
    private final Exchanges exchanges = new Exchanges();
    private long stoodSince; // with the user standing still: since when nothing can run
    private volatile boolean rehearsing;
    private volatile String because = ""; // why who comes next does

    /** A machine that has not run yet. @throws HostException {@code NO_MEMORY} */
    public HostSlot(MachineConfig config) {
        this.config = config;
        MachineState fresh = MachineState.fresh(config);
        ram = fresh.ram();
        harts = fresh.harts();
        channels = fresh.channels();
        blockFiles = fresh.blockFiles();
        kept = fresh;
        clock = new SlotClock(this);
    }

    // --- machines come and go ---------------------------------------------------------------------------------------

    /**
     * Says how to make the machine's user keep off it: given an action, to run it while no thread makes a call that
     * runs user code, waits, or changes a vmspace.
     */
    public void user(Consumer<Runnable> standStill) {
        user = standStill;
    }

    /**
     * Puts a machine into use: it takes over from the one before, or what that one has left.
     *
     * @throws HostException {@code INVALID} when it cannot; the one before then goes on
     */
    public synchronized void fill(Machine next) {
        if (machine == next) return;
        if (rehearsing) exchange(Kind.REHEARSED, "host", next.name(), "", () -> rehearse(next));
        else if (!because.isEmpty()) bringBack(next);
        else exchange(Kind.DONE, "host", next.name(), "", () -> handOver(next));
    }

    private void bringBack(Machine next) {
        String why = because;
        because = "";
        exchanges.noRescue();
        exchange(Kind.TAKEN_BACK, "host", next.name(), why, () -> handOver(next));
    }

    /**
     * The bundle of the machine in use is given other content: says how to have that of the former content come again,
     * should the new one be bad.
     *
     * @param before on a thread of its own; throws when it cannot
     */
    public void rescue(Runnable before) {
        exchanges.rescue(before);
    }

    /** The machine that comes next comes because that before is to go, for this reason. */
    public void replaceBecause(String why) {
        because = why;
    }

    private void rehearse(Machine next) {
        Machine before = now();
        MachineState state = before.release();
        try {
            state.check();
            next.adopt(state);
            state = next.release();
            state.check();
        } finally {
            before.adopt(state);
        }
    }

    /** From now on, whether who comes only shows that it could do the work. */
    public void rehearse(boolean only) {
        rehearsing = only;
    }

    /** Whether who comes only shows that it could do the work. */
    public boolean rehearsing() {
        return rehearsing;
    }

    private void handOver(Machine next) {
        Machine before = machine;
        MachineState state = before == null ? Objects.requireNonNull(kept, "closed") : before.release();
        try {
            state.check();
            next.adopt(state);
        } catch (RuntimeException e) {
            if (before != null) before.adopt(state);
            throw e;
        }
        machine = next;
        former = before;
        kept = null;
    }

    /**
     * Goes back to the machine before, which takes over the state of now, or to another engine.
     *
     * @param subsystem {@code host} or {@code engine}
     * @return false when there is none
     */
    public synchronized boolean goBack(String subsystem, String why) {
        exchanges.endProbation();
        Machine now = machine;
        if (subsystem.equals("engine")) return now != null && now.leaveEngine(why);
        Machine before = former;
        if (before == null) return false;
        exchange(Kind.TAKEN_BACK, "host", before.name(), why, () -> handOver(before));
        return true;
    }

    /** Names of the machine and the engine in use, and of those before: what must stay. */
    public synchronized List<String> needed() {
        List<String> names = new ArrayList<>(List.of(name(machine), name(former)));
        names.addAll(exchanges.lastEngines());
        return names;
    }

    /** Whether an engine has failed: a machine does not choose it by itself while there is another. */
    public boolean distrusted(String engine) {
        return exchanges.distrusted(engine);
    }

    /** An engine is trusted again: it is gone, or somebody has asked for it. */
    public void trust(String engine) {
        exchanges.trust(engine);
    }

    /** Whether what came last is so new that a bug of the machine is blamed on it. Any thread. */
    public boolean onProbation() {
        return !exchanges.onProbation().isEmpty();
    }

    /** The machine has a bug: what came last is taken back. @return false when it is not new, or nothing was before */
    public boolean failed(String why) {
        String fresh = exchanges.onProbation();
        if (fresh.isEmpty()) return false;
        if (goBack(fresh, why)) return true;
        Runnable before = exchanges.rescuer();
        if (before == null || !fresh.equals("host")) return false;
        because = why;
        before.run(); // it fills this slot, on whatever thread
        return machine != null && because.isEmpty();
    }

    /** Takes a machine out of use and keeps its state; nothing when another is in use. */
    public synchronized void empty(Machine gone) {
        if (former == gone) former = null;
        if (machine != gone) return;
        exchange(Kind.DONE, "host", "", "", () -> {
            MachineState state = gone.release();
            clock.stopAt(state.clock());
            kept = state;
            machine = null;
        });
    }

    /**
     * Changes what the machine runs on, while its user keeps off it; the exchange is noted.
     *
     * @param kind what comes of it when it succeeds
     * @param to who does the work then
     * @param why for {@code TAKEN_BACK}; else empty
     */
    public void exchange(Kind kind, String subsystem, String from, String to, String why, Runnable action) {
        user.accept(() -> {
            if (ready) stoodSince = System.nanoTime();
            Kind done = Kind.REFUSED;
            String reason = "it failed";
            try {
                action.run();
                done = kind;
                reason = why;
            } catch (RuntimeException e) {
                reason = e.toString();
                throw e;
            } finally {
                Machine now = machine;
                ready = now != null && now.engine().isPresent();
                exchanges.note(new Exchange(subsystem, from, to, System.nanoTime() - stoodSince, done, reason));
            }
        });
    }

    private void exchange(Kind kind, String subsystem, String to, String why, Runnable action) {
        exchange(kind, subsystem, name(machine), to, why, action);
    }

    /** Notes that somebody cannot do the work. */
    public void refused(String subsystem, String from, String to, String why) {
        user.accept(() -> exchanges.note(new Exchange(subsystem, from, to, 0, Kind.REFUSED, why)));
    }

    /** The last exchanges, the oldest first. */
    public List<Exchange> exchanges() {
        return exchanges.all();
    }

    private static String name(@Nullable Machine machine) {
        return machine == null ? "" : machine.name();
    }

    /** Whether user code can be run: there is a machine, and it has an engine. */
    public boolean ready() {
        return ready;
    }

    /** {@code host}, {@code engine}, or nothing: what is missing before user code can be run. */
    public Optional<String> missing() {
        return ready ? Optional.empty() : Optional.of(machine == null ? "host" : "engine");
    }

    /** The machine in use, if there is one. */
    public Optional<Machine> machine() {
        return Optional.ofNullable(machine);
    }

    Machine now() {
        Machine now = machine;
        if (now == null) throw new IllegalStateException("no host runs the machine now");
        return now;
    }

    @Nullable
    Machine orNull() {
        return machine;
    }

    /** Ends the machine and frees its memory. No kernel uses it any more. */
    @Override
    public synchronized void close() {
        former = null;
        Machine last = machine;
        if (last != null) empty(last);
        MachineState state = kept;
        kept = null;
        if (state == null) return;
        state.files().values().forEach(SlotFile::close);
        folders.values().forEach(Folder::close);
        ram.close();
    }

    // --- the machine ------------------------------------------------------------------------------------------------

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
        return (to, offset, length) -> now().entropy().fill(to, offset, length);
    }

    @Override
    public Hart hart(int id) {
        return harts.get(id);
    }

    @Override
    public Channel channel(String name) {
        return MachineState.named(channels, "channel", name);
    }

    @Override
    public void plug(String name, Channel channel) {
        MachineState.plug(channels, "channel", name, channel);
    }

    @Override
    public void unplug(String name) {
        channels.remove(name);
    }

    @Override
    public Rom rom(String name) {
        return MachineState.named(config.roms(), "ROM", name);
    }

    @Override
    public BlockFile open(String name) {
        BlockFile opened = now().open(name);
        open.add(name);
        return new SlotFile(this, name, opened);
    }

    void closed(String name) {
        open.remove(name);
    }

    @Override
    public Map<String, BlockSource> blockFiles() {
        return Map.copyOf(blockFiles);
    }

    @Override
    public void plug(String name, BlockSource file) {
        MachineState.plug(blockFiles, "block file", name, file);
    }

    @Override
    public void unplugFile(String name) {
        if (open.contains(name)) throw new HostException(HostException.Reason.BUSY, name + " is open");
        blockFiles.remove(name);
    }

    @Override
    public List<String> engines() {
        return now().engines();
    }

    @Override
    public Optional<String> engine() {
        Machine now = machine;
        return now == null ? Optional.empty() : now.engine();
    }

    @Override
    public Map<String, Long> engineFigures() {
        Machine now = machine;
        return now == null ? Map.of() : now.engineFigures();
    }

    @Override
    public Optional<String> engineProfile(Duration time) throws InterruptedException {
        Machine now = machine;
        return now == null ? Optional.empty() : now.engineProfile(time);
    }

    @Override
    public void useEngine(String name) {
        now().useEngine(name);
    }

    @Override
    public Folder folder(String name) {
        return MachineState.named(folders, "folder", name);
    }

    @Override
    public void plug(String name, Folder folder) {
        MachineState.plug(folders, "folder", name, folder);
    }

    @Override
    public void unplugFolder(String name) {
        Folder gone = folders.remove(name);
        if (gone != null) gone.close();
    }

    @Override
    public Map<String, Folder> folders() {
        return Map.copyOf(folders);
    }
}
