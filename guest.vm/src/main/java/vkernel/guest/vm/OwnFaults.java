package vkernel.guest.vm;

import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.Vma;

/**
 * Faults in memory that one task alone uses, repaired while the kernel lock is only shared (Linux: faults under the
 * vma lock). Nobody changes ranges, caches or other spaces' tables meanwhile but such faults of other spaces; what these
 * have in common with this one is the references of pages, which are counted atomically, and nothing else. What needs
 * more (memory, a table, a file's page from its source, a signal) is for {@link Faults}, with the lock.
 */
final class OwnFaults {
    private final Ram ram;
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final FrameTable table;
    private final PageTables tables;
    private final Writes writes;
    private final Faults faults;

    OwnFaults(
            Ram ram,
            Vmspaces vmspaces,
            Frames frames,
            FrameTable table,
            PageTables tables,
            Writes writes,
            Faults faults) {
        this.ram = ram;
        this.vmspaces = vmspaces;
        this.frames = frames;
        this.table = table;
        this.tables = tables;
        this.writes = writes;
        this.faults = faults;
    }

    /** @return whether it is done; when not nothing was done */
    boolean repair(AddressSpace space, long address, int access, Stock stock) {
        if (space.users != 1 || space.doomed) {
            return false;
        }
        Vma vma = space.find(address);
        if (vma == null || !Faults.allows(vma, access)) {
            return false;
        }
        long va = address & -PageTables.PAGE;
        long slot = tables.find(space.root, va);
        if (slot < 0) {
            return false;
        }
        long entry = ram.getLong(slot);
        if (entry == 0 && space.swapped.get(va >>> PageTables.SHIFT) >= 0) {
            return false;
        }
        boolean done = entry == 0
                ? missing(vma, va, slot, access, stock)
                : access != Vma.WRITE || (entry & Vpte.W) != 0 || unshare(vma, va, slot, entry, stock);
        if (done) {
            stock.faults++;
        }
        return done;
    }

    private boolean missing(Vma vma, long va, long slot, int access, Stock stock) {
        PageCache cache = vma.pages;
        if (cache != null) {
            return ofFile(vma, cache, va, slot, access, stock);
        }
        if (access != Vma.WRITE) {
            put(vma, va, slot, Vpte.of(Frames.ZERO, Vpte.A));
            return true;
        }
        int frame = stock.take();
        if (frame == Frames.NONE) {
            return false;
        }
        ram.zero(PageTables.address(frame), PageTables.PAGE);
        stock.zeroFills++;
        put(vma, va, slot, Vpte.of(frame, Writes.USED | Writes.writable(vma)));
        return true;
    }

    private boolean ofFile(Vma vma, PageCache cache, long va, long slot, int access, Stock stock) {
        long index = vma.pageIndex(va);
        int frame = index < FilePages.pages(cache.size) ? cache.frame(index) : Frames.NONE;
        if (frame < 0 || access == Vma.WRITE && vma.shared) {
            return false;
        }
        if (access != Vma.WRITE) {
            frames.shareTogether(frame);
            put(vma, va, slot, Vpte.of(frame, Vpte.A | writes.cachedRights(vma, cache, frame)));
            faults.around(vma, cache, va, true);
            return true;
        }
        int copy = stock.take();
        if (copy == Frames.NONE) {
            return false;
        }
        ram.copy(PageTables.address(frame), PageTables.address(copy), PageTables.PAGE);
        stock.copies++;
        put(vma, va, slot, Vpte.of(copy, Writes.USED | Writes.writable(vma)));
        return true;
    }

    private void put(Vma vma, long va, long slot, long entry) {
        frames.note(Vpte.frame(entry), vma.space.id, va);
        tables.fill(vma.space, slot, entry | Vpte.V | Vpte.U | PageTables.rights(vma));
    }

    /** A write to a page that is there and write-protected. */
    private boolean unshare(Vma vma, long va, long slot, long entry, Stock stock) {
        if (vma.shared) {
            return false;
        }
        int frame = Vpte.frame(entry);
        boolean cached = (entry & PageTables.CACHED) != 0;
        if (!cached && frames.sole(frame)) { // no other fault can make it more: that needs an entry of its own
            tables.add(slot, Writes.USED | Writes.writable(vma));
            stock.reuses++;
            return true;
        }
        int copy = stock.take();
        if (copy == Frames.NONE) {
            return false;
        }
        if (frame == Frames.ZERO) {
            ram.zero(PageTables.address(copy), PageTables.PAGE);
            stock.zeroFills++;
        } else {
            ram.copy(PageTables.address(frame), PageTables.address(copy), PageTables.PAGE);
            stock.copies++;
        }
        tables.clear(vma.space, slot, entry);
        vmspaces.inval(vma.space.id, va, PageTables.PAGE);
        put(vma, va, slot, Vpte.of(copy, Writes.USED | Writes.writable(vma)));
        release(frame, stock);
        return true;
    }

    /** The last of those who copy a page at the same time has its frame. */
    private void release(int frame, Stock stock) {
        if (frame != Frames.ZERO && frames.unrefTogether(frame) && !stock.put(table, frame)) {
            throw new IllegalStateException("there is room where a frame was just taken");
        }
    }
}
