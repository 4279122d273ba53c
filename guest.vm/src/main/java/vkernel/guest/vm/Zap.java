package vkernel.guest.vm;

import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.Vma;

/**
 * Takes pages away from ranges of address spaces (Linux: zap_page_range, unmap_mapping_range, mmu_gather). One inval
 * per range; the frames are free only after it.
 */
final class Zap {
    private final Ram ram;
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final PageTables tables;
    private final Swap swap;

    Zap(Ram ram, Vmspaces vmspaces, Frames frames, PageTables tables, Swap swap) {
        this.ram = ram;
        this.vmspaces = vmspaces;
        this.frames = frames;
        this.tables = tables;
        this.swap = swap;
    }

    /** Takes the pages of a range away, and tables that are empty then. */
    void unmap(AddressSpace space, long start, long end) {
        if (clear(space, start, end, false, true)) {
            vmspaces.inval(space.id, start, end - start);
        }
        frames.releaseGathered();
    }

    /** Like {@link #unmap}, for a space that the host has forgotten. */
    void forget(AddressSpace space, long start, long end) {
        clear(space, start, end, false, true);
        frames.releaseGathered();
    }

    /** Takes the pages of a range away and leaves its tables. @param cachedOnly keep private copies */
    void drop(AddressSpace space, long start, long end, boolean cachedOnly) {
        if (clear(space, start, end, cachedOnly, false)) {
            vmspaces.inval(space.id, start, end - start);
        }
        frames.releaseGathered();
    }

    /**
     * Takes pages of a cache away from everybody who maps them.
     *
     * @param first index
     * @param end index behind the last
     */
    void unmapEverywhere(PageCache cache, long first, long end, boolean cachedOnly) {
        for (int i = 0; i < cache.mappings.size(); i++) {
            Vma vma = cache.mappings.get(i);
            long pages = (vma.end - vma.start) >>> PageTables.SHIFT;
            long from = Math.max(first - vma.pageOffset, 0);
            long to = Math.min(end - vma.pageOffset, pages);
            if (from < to) {
                drop(
                        vma.space,
                        vma.start + (from << PageTables.SHIFT),
                        vma.start + (to << PageTables.SHIFT),
                        cachedOnly);
            }
        }
    }

    private boolean clear(AddressSpace space, long start, long end, boolean cachedOnly, boolean prune) {
        if (!cachedOnly && space.swapped.count() > 0) {
            forgetSwapped(space, start >>> PageTables.SHIFT, end >>> PageTables.SHIFT);
        }
        boolean any = false;
        long va = start;
        while (va < end) {
            int missing = tables.descend(space.root, va);
            long next = PageTables.behind(va, missing);
            if (missing == 0) {
                any |= clearLeaf(space, (int) ((Math.min(next, end) - va) >>> PageTables.SHIFT), cachedOnly);
            }
            any |= prune && tables.prune(space, missing);
            va = next;
        }
        return any;
    }

    private void forgetSwapped(AddressSpace space, long first, long end) {
        if (end - first <= space.swapped.count()) {
            for (long page = first; page < end; page++) {
                forgetSwapped(space, page);
            }
            return;
        }
        for (long page : space.swapped.pages()) {
            if (page >= first && page < end) {
                forgetSwapped(space, page);
            }
        }
    }

    private void forgetSwapped(AddressSpace space, long page) {
        int slot = space.swapped.remove(page);
        if (slot >= 0) {
            swap.release(slot);
        }
    }

    private boolean clearLeaf(AddressSpace space, int pages, boolean cachedOnly) {
        boolean any = false;
        long slot = tables.path[0];
        for (int i = 0; i < pages; i++, slot += Long.BYTES) {
            long entry = ram.getLong(slot);
            if (entry == 0 || cachedOnly && (entry & PageTables.CACHED) == 0) {
                continue;
            }
            tables.clear(space, slot, entry);
            frames.gather(Vpte.frame(entry));
            any = true;
        }
        return any;
    }
}
