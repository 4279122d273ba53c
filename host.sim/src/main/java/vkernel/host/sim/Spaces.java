package vkernel.host.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.Mapping;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Hart;

/** The calls on vmspaces: checks arguments, changes mappings, and shoots down what they made stale. */
final class Spaces implements Vmspaces {
    private final Ram ram;
    private final Core[] cores;
    private final Engines engines;
    private final Shootdown shootdown;
    private final MachineClock clock;
    private final @Nullable StaleTranslations stale;

    private volatile SpaceTable table = SpaceTable.EMPTY; // written under this

    Spaces(
            Ram ram,
            Core[] cores,
            Engines engines,
            Shootdown shootdown,
            MachineClock clock,
            @Nullable StaleTranslations stale) {
        this.ram = ram;
        this.cores = cores;
        this.engines = engines;
        this.shootdown = shootdown;
        this.clock = clock;
        this.stale = stale;
    }

    /** Makes the spaces that a former host had. */
    synchronized void restore(SortedMap<Integer, List<Mapping>> mappings) {
        List<Space> restored = new ArrayList<>(mappings.size());
        for (Map.Entry<Integer, List<Mapping>> space : mappings.entrySet()) {
            Space one = new Space(space.getKey(), new Walker(ram));
            one.regions(Regions.of(space.getValue()));
            restored.add(one);
        }
        table = SpaceTable.of(restored);
    }

    /** Gives up all spaces: their names are unknown from now on. */
    synchronized SortedMap<Integer, List<Mapping>> release() {
        SortedMap<Integer, List<Mapping>> mappings = new TreeMap<>();
        for (Space space : table.all()) mappings.put(space.id, space.regions().list());
        table = SpaceTable.EMPTY;
        return mappings;
    }

    @Override
    public synchronized void create(int id) {
        if (table.find(id) != null) throw new HostException(Reason.EXISTS, "vmspace " + id + " exists");
        table = table.with(new Space(id, new Walker(ram)));
    }

    @Override
    public synchronized void destroy(int id) {
        // Its translations need no shootdown: they are kept by identity, and it will never run again.
        if (!space(id).die()) throw new HostException(Reason.BUSY, "a hart runs in vmspace " + id);
        table = table.without(id);
    }

    @Override
    public int[] ids() {
        return table.ids();
    }

    @Override
    public int run(int id, Hart hart, long budget) {
        Core core = core(hart);
        Space space = space(id);
        space.enter();
        clock.runs(hart.id);
        try {
            return core.run(space, engines, budget, clock.exact());
        } finally {
            space.leave();
            hart.reportRetired();
        }
    }

    @Override
    public void mmap(int id, long va, long length, int protection, long ramAddress) {
        long end = end(va, length);
        Mapping region = new Mapping(va, end, protection(protection), true, ramAddress);
        if (!region.within(ram.size())) {
            throw new HostException(Reason.INVALID, "RAM address 0x" + Long.toHexString(ramAddress) + " + " + length);
        }
        map(space(id), region);
    }

    @Override
    public void mmapVirtual(int id, long va, long length, int protection) {
        long end = end(va, length);
        map(space(id), new Mapping(va, end, protection(protection), false, Mapping.NO_TABLE));
    }

    private static void map(Space space, Mapping region) {
        if (region.start() == region.end()) throw new HostException(Reason.INVALID, "mapping of no length");
        synchronized (space) {
            if (space.regions().overlap(region.start(), region.end())) {
                throw new HostException(Reason.EXISTS, "part of " + range(region.start(), region.end()) + " is mapped");
            }
            space.regions(space.regions().with(region));
        }
    }

    @Override
    public void munmap(int id, long va, long length) {
        long end = end(va, length);
        Space space = space(id);
        synchronized (space) {
            space.regions(space.regions().without(va, end));
            forget(space, va, length);
        }
    }

    @Override
    public void setMap(int id, long va, long root) {
        if (root != Mapping.NO_TABLE && !frame(root)) {
            throw new HostException(Reason.INVALID, "page table at 0x" + Long.toHexString(root));
        }
        Space space = space(id);
        synchronized (space) {
            Mapping region = space.regions().at(va);
            if (region == null || region.linear()) {
                throw new HostException(Reason.INVALID, "no virtual mapping at 0x" + Long.toHexString(va));
            }
            space.regions(space.regions().without(region.start(), region.end()).with(region.withRoot(root)));
            forget(space, region.start(), region.end() - region.start());
        }
    }

    @Override
    public void inval(int id, long va, long length) {
        end(va, length);
        Space space = space(id);
        synchronized (space) {
            forget(space, va, length);
        }
    }

    private void forget(Space space, long va, long length) {
        if (length == 0) return;
        shootdown.pages(space, va, length);
        if (stale != null) stale.announced(space, va, length);
    }

    @Override
    public int pread(int id, byte[] to, int offset, int length, long va) {
        return Copy.out(space(id), ram, to, offset, length, va);
    }

    @Override
    public int pwrite(int id, byte[] from, int offset, int length, long va) {
        return Copy.in(space(id), ram, from, offset, length, va);
    }

    @Override
    public byte[] mget(int id, long va, int pages) {
        if (pages < 0) throw new HostException(Reason.INVALID, pages + " pages");
        end(va, (long) pages << Vpte.PAGE_SHIFT);
        Space space = space(id);
        byte[] present = new byte[pages];
        synchronized (space) {
            for (int i = 0; i < pages; i++) {
                present[i] = (byte) space.walker.present(space, va + ((long) i << Vpte.PAGE_SHIFT));
            }
        }
        return present;
    }

    @Override
    public List<String> staleTranslations() {
        return stale == null ? List.of() : stale.found();
    }

    private Space space(int id) {
        Space space = table.find(id);
        if (space == null) throw new HostException(Reason.ABSENT, "no vmspace " + id);
        return space;
    }

    private Core core(Hart hart) {
        if (hart.id >= cores.length || cores[hart.id].hart != hart) {
            throw new HostException(Reason.INVALID, "a hart of another machine");
        }
        return cores[hart.id];
    }

    private boolean frame(long address) {
        return address >= 0 && address < ram.size() && address % Vpte.PAGE_SIZE == 0;
    }

    /** The end of a range. */
    private static long end(long va, long length) {
        boolean aligned = ((va | length) & (Vpte.PAGE_SIZE - 1)) == 0;
        if (!aligned || va < 0 || length < 0 || length > Vpte.END || va > Vpte.END - length) {
            throw new HostException(Reason.INVALID, "0x" + Long.toHexString(va) + " + 0x" + Long.toHexString(length));
        }
        return va + length;
    }

    private static int protection(int bits) {
        if ((bits & ~(READ | WRITE | EXECUTE)) != 0) throw new HostException(Reason.INVALID, "protection " + bits);
        return bits;
    }

    private static String range(long start, long end) {
        return "0x" + Long.toHexString(start) + "-0x" + Long.toHexString(end);
    }
}
