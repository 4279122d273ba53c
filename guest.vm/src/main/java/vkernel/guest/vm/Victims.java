package vkernel.guest.vm;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.Replacement;
import vkernel.vm.VmCounters;
import vkernel.vm.Vma;

/**
 * Takes pages away that processes use, in the order of a policy (Linux: mm/vmscan.c, mm/rmap.c). Where a frame is mapped is
 * found by the place where it was last put: other processes have it at the same address, since fork(2). Of a page of a
 * file it is known whose it is, and who maps that.
 */
final class Victims implements Replacement.Pages {
    private final Ram ram;
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final PageTables tables;
    private final Zap zap;
    private final Swap swap;
    private final Caches caches;
    private final FilePages files;
    private final SortedMap<Integer, AddressSpace> spaces;
    private final VmCounters counters;

    /** Spaces some of whose translations must be forgotten. */
    private final Set<AddressSpace> touched = new LinkedHashSet<>();
    /** Pairs of slot and frame, to be written. */
    private final List<int[]> leaving = new ArrayList<>();
    /** Those that map the page looked at. */
    private final List<AddressSpace> mappers = new ArrayList<>();

    Victims(
            Ram ram,
            Vmspaces vmspaces,
            Frames frames,
            PageTables tables,
            Zap zap,
            Swap swap,
            Caches caches,
            FilePages files,
            SortedMap<Integer, AddressSpace> spaces,
            VmCounters counters) {
        this.ram = ram;
        this.vmspaces = vmspaces;
        this.frames = frames;
        this.tables = tables;
        this.zap = zap;
        this.swap = swap;
        this.caches = caches;
        this.files = files;
        this.spaces = spaces;
        this.counters = counters;
    }

    /** Takes at most so many pages away. @return frames that are free now; others are once they are written */
    int evict(Replacement policy, int wanted) {
        int freed = 0;
        int failures = 0;
        for (int i = 0; i < wanted && failures < wanted; ) {
            int frame = policy.victim(this);
            if (frame < 0) {
                break;
            }
            counters.victims++;
            int done = candidate(frame) ? take(frame) : NOT;
            failures += done == NOT ? 1 : 0;
            i += done == NOT ? 0 : 1;
            freed += done == FREED ? 1 : 0;
        }
        touched.forEach(space -> vmspaces.inval(space.id, 0, AddressSpace.END));
        touched.clear();
        frames.releaseGathered();
        for (int[] each : leaving) {
            swap.write(each[0], each[1]);
        }
        leaving.clear();
        return freed;
    }

    private static final int NOT = 0;
    private static final int FREED = 1;
    private static final int LEAVES = 2;

    private int take(int frame) {
        return frames.kind(frame) == FrameTable.CACHE ? takeCached(frame) : swapOut(frame);
    }

    // --- what a policy asks -----------------------------------------------------------------------------------------

    @Override
    public int size() {
        return frames.size();
    }

    @Override
    public boolean candidate(int frame) {
        return switch (frames.kind(frame)) {
            case FrameTable.ANONYMOUS -> swap.hasRoom();
            case FrameTable.CACHE -> mayGo(frame);
            default -> false;
        };
    }

    /** Pages that lie elsewhere and that nobody maps go as they come ({@link Reclaim}). */
    private boolean mayGo(int frame) {
        PageCache cache = caches.of(frame);
        if (cache == null) {
            return false;
        }
        return files.elsewhere(cache, caches.index(frame))
                ? frames.refs(frame) > 1
                : cache.store == null && swap.hasRoom();
    }

    @Override
    public boolean used(int frame) {
        counters.scanned++;
        if (frames.kind(frame) == FrameTable.CACHE) {
            return usedCached(frame);
        }
        long va = FrameTable.va(frames.where(frame));
        boolean used = false;
        for (AddressSpace space : mappers(frame, va)) {
            used |= used(space, va) || locked(space, va);
        }
        return used;
    }

    private boolean usedCached(int frame) {
        PageCache cache = caches.of(frame);
        boolean used = frames.wasUsed(frame);
        if (cache == null) {
            return used;
        }
        long index = caches.index(frame);
        for (Vma mapping : cache.mappings) {
            long va = mapping.start + (index - mapping.pageOffset << PageTables.SHIFT);
            if (va >= mapping.start && va < mapping.end) {
                used |= used(mapping.space, va) || mapping.locked;
            }
        }
        return used;
    }

    private static boolean locked(AddressSpace space, long va) {
        Vma vma = space.find(va);
        return vma != null && vma.locked;
    }

    /** Whether some process has locked a page of a file that it maps. */
    private static boolean locked(PageCache cache, long index) {
        for (Vma mapping : cache.mappings) {
            long pages = mapping.end - mapping.start >>> PageTables.SHIFT;
            if (mapping.locked && index >= mapping.pageOffset && index - mapping.pageOffset < pages) {
                return true;
            }
        }
        return false;
    }

    /** Whether a page was accessed; from now on it is noted again. */
    private boolean used(AddressSpace space, long va) {
        long slot = tables.find(space.root, va);
        if (slot < 0 || (ram.getLong(slot) & Vpte.A) == 0) {
            return false;
        }
        tables.exchange(slot, Vpte.A, 0);
        touched.add(space);
        return true;
    }

    // --- taking -----------------------------------------------------------------------------------------------------

    /** Those that map a private page at the address where it was last put. */
    private List<AddressSpace> mappers(int frame, long va) {
        mappers.clear();
        AddressSpace last = spaces.get(FrameTable.space(frames.where(frame)));
        if (last != null && maps(last, va, frame)) {
            mappers.add(last);
        }
        if (mappers.size() < frames.refs(frame)) {
            for (AddressSpace space : spaces.values()) {
                if (space != last && maps(space, va, frame)) {
                    mappers.add(space);
                }
            }
        }
        return mappers;
    }

    private boolean maps(AddressSpace space, long va, int frame) {
        long entry = tables.entry(space.root, va);
        return entry != 0 && (entry & PageTables.CACHED) == 0 && Vpte.frame(entry) == frame;
    }

    private int swapOut(int frame) {
        long va = FrameTable.va(frames.where(frame));
        List<AddressSpace> all = mappers(frame, va);
        if (all.isEmpty() || all.size() != frames.refs(frame)) { // in use by the kernel, or mapped elsewhere too
            return NOT;
        }
        for (AddressSpace space : all) {
            if (locked(space, va)) {
                return NOT;
            }
        }
        int slot = swap.take();
        if (slot < 0) {
            return NOT;
        }
        for (int i = 0; i < all.size(); i++) {
            AddressSpace space = all.get(i);
            long at = tables.find(space.root, va);
            tables.clear(space, at, ram.getLong(at));
            space.swapped.put(va >>> PageTables.SHIFT, slot);
            touched.add(space);
            if (i > 0) {
                swap.share(slot);
                frames.release(frame);
            }
        }
        frames.rekind(frame, FrameTable.SWAP);
        leaving.add(new int[] {slot, frame});
        return LEAVES;
    }

    /** A page of a file: it can be read again, or lies nowhere else (tmpfs, shared memory). */
    private int takeCached(int frame) {
        PageCache cache = caches.of(frame);
        if (cache == null) {
            return NOT;
        }
        long index = caches.index(frame);
        if (locked(cache, index)) {
            return NOT;
        }
        zap.unmapEverywhere(cache, index, index + 1, true);
        if (!frames.sole(frame)) {
            return NOT;
        }
        if (files.elsewhere(cache, index)) {
            files.drop(cache, index);
            counters.reclaimed++;
            return FREED;
        }
        int slot = swap.take();
        if (slot < 0) {
            return NOT;
        }
        leaving.add(new int[] {slot, files.leave(cache, index, slot)});
        return LEAVES;
    }
}
