package vkernel.guest.vm;

import vkernel.fs.Inode;
import vkernel.host.Host;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.kern.Kernel;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.VmCounters;
import vkernel.vm.Vma;

/**
 * What a write to a page needs, and how a page gets into the tables (Linux: mm/memory.c, do_wp_page, do_cow_fault).
 * Here: copy on write, noting that a file's page is modified.
 */
final class Writes {
    /** Set beforehand, to spare the host a walk. */
    static final long USED = Vpte.A | Vpte.M;

    private final Kernel kernel;
    private final Ram ram;
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final Supply supply;
    private final PageTables tables;
    private final VmCounters counters;

    Writes(Kernel kernel, Host host, Frames frames, Supply supply, PageTables tables, VmCounters counters) {
        this.kernel = kernel;
        this.ram = host.ram();
        this.vmspaces = host.vmspaces();
        this.frames = frames;
        this.supply = supply;
        this.tables = tables;
        this.counters = counters;
    }

    /** Puts a page where none is. @param entry frame, whose reference becomes the entry's, and bits but V, U, R, X */
    int install(Vma vma, long va, long entry) {
        long slot = tables.make(vma.space, va);
        if (slot < 0 || ram.getLong(slot) != 0) {
            frames.release(Vpte.frame(entry));
            return slot < 0 ? Vm.FAULT_OOM : Vm.FAULT_DONE;
        }
        frames.note(Vpte.frame(entry), vma.space.id, va);
        tables.fill(vma.space, slot, entry | Vpte.V | Vpte.U | PageTables.rights(vma));
        return Vm.FAULT_DONE;
    }

    /** A private copy of a page that is not mapped. @param frame with a reference, which is given back */
    int copyOf(Vma vma, long va, int frame) {
        int copy = supply.frameOrKill(FrameTable.ANONYMOUS, vma.space);
        if (copy != Frames.NONE) {
            ram.copy(PageTables.address(frame), PageTables.address(copy), PageTables.PAGE);
            counters.copies++;
        }
        frames.release(frame);
        return copy == Frames.NONE ? Vm.FAULT_OOM : install(vma, va, Vpte.of(copy, USED | writable(vma)));
    }

    /** A write to a page that is there and write-protected. */
    int unshare(Vma vma, long va, long entry) {
        PageCache cache = vma.pages;
        int frame = Vpte.frame(entry);
        if (vma.shared && cache != null) {
            written(vma, cache, frame);
        } else if ((entry & PageTables.CACHED) == 0 && frames.sole(frame)) {
            counters.reuses++;
        } else {
            return copyOnWrite(vma, va, entry);
        }
        tables.add(tables.find(vma.space.root, va), USED | writable(vma));
        return Vm.FAULT_DONE;
    }

    private int copyOnWrite(Vma vma, long va, long entry) {
        AddressSpace space = vma.space;
        int copy = supply.frameOrKill(FrameTable.ANONYMOUS, space);
        if (copy == Frames.NONE) {
            return Vm.FAULT_OOM;
        }
        if (((tables.entry(space.root, va) ^ entry) & ~USED) != 0) {
            frames.release(copy);
            return Vm.FAULT_DONE;
        }
        int frame = Vpte.frame(entry);
        if (frame == Frames.ZERO) {
            ram.zero(PageTables.address(copy), PageTables.PAGE);
            counters.zeroFills++;
        } else {
            ram.copy(PageTables.address(frame), PageTables.address(copy), PageTables.PAGE);
            counters.copies++;
        }
        replace(vma, va, entry, Vpte.of(copy, Vpte.V | Vpte.U | USED | PageTables.rights(vma) | writable(vma)));
        frames.release(frame);
        return Vm.FAULT_DONE;
    }

    /** Nobody sees the new page while somebody may still see the old one. */
    private void replace(Vma vma, long va, long old, long entry) {
        AddressSpace space = vma.space;
        long slot = tables.find(space.root, va);
        tables.clear(space, slot, old);
        vmspaces.inval(space.id, va, PageTables.PAGE);
        tables.fill(space, slot, entry);
        frames.note(Vpte.frame(entry), space.id, va);
    }

    /** Before a page of a file becomes writable: it cannot be read again, and the file is modified. */
    void written(Vma vma, PageCache cache, int frame) {
        if (cache.renewable()) {
            FilePages.modified(frames, cache, frame);
        }
        if (vma.file != null) {
            Inode inode = vma.file.inode();
            inode.mtime = kernel.realtime();
            inode.ctime = inode.mtime;
        }
    }

    static long writable(Vma vma) {
        return (vma.protection & Vma.WRITE) != 0 ? Vpte.W : 0;
    }

    /** A page that could be read again is write-protected until its first write, which is noted. */
    long cachedRights(Vma vma, PageCache cache, int frame) {
        boolean free = vma.shared && (!cache.renewable() || frames.dirty(frame));
        return free ? PageTables.CACHED | writable(vma) : PageTables.CACHED;
    }
}
