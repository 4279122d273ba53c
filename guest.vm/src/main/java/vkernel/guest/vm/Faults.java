package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.VmCounters;
import vkernel.vm.Vma;

/**
 * Page faults (Linux: mm/memory.c, handle_mm_fault). Here: demand paging, zero fill, copy on write. Answers are those
 * of {@link Vm}. A repair that finds the tables changed under it (by making room) says FAULT_DONE: the access is made
 * again and faults again.
 */
final class Faults {
    /** Pages mapped around a fault on a file, aligned; a power of two. */
    private static final int AROUND = 16;

    private static final long USED = Vpte.A | Vpte.M;

    private final Kernel kernel;
    private final Ram ram;
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final Supply supply;
    private final PageTables tables;
    private final FilePages files;
    private final StackGrowth stacks;
    private final VmCounters counters;

    Faults(
            Kernel kernel,
            vkernel.host.Host host,
            Frames frames,
            Supply supply,
            PageTables tables,
            FilePages files,
            VmCounters counters) {
        this.kernel = kernel;
        this.ram = host.ram();
        this.vmspaces = host.vmspaces();
        this.frames = frames;
        this.supply = supply;
        this.tables = tables;
        this.files = files;
        this.stacks = new StackGrowth();
        this.counters = counters;
    }

    /** Repairs a fault of user code or of a copy with the user's rights. @param process whose limits hold */
    int repair(AddressSpace space, @Nullable Process process, long va, int access) {
        counters.faults++;
        if (space.doomed) {
            return Vm.FAULT_OOM;
        }
        Vma vma = space.find(va);
        if (vma == null) {
            vma = stacks.grow(space, process, va);
        }
        if (vma == null) {
            return Vm.FAULT_UNMAPPED;
        }
        return allows(vma, access) ? bring(vma, va & -PageTables.PAGE, access) : Vm.FAULT_DENIED;
    }

    /** Writable implies readable (Linux: arch/riscv/mm/fault.c, access_error). */
    private static boolean allows(Vma vma, int access) {
        int wanted = access == Vma.READ ? Vma.READ | Vma.WRITE : access;
        return (vma.protection & wanted) != 0;
    }

    /** Makes a page present for an access, whatever the protection of its range; what the tables allow follows it. */
    int bring(Vma vma, long va, int access) {
        long entry = tables.entry(vma.space.root, va);
        if (entry == 0) {
            return vma.pages == null ? anonymous(vma, va, access) : ofFile(vma, vma.pages, va, access);
        }
        return access == Vma.WRITE && (entry & Vpte.W) == 0 ? unshare(vma, va, entry) : Vm.FAULT_DONE;
    }

    private int anonymous(Vma vma, long va, int access) {
        if (access != Vma.WRITE) {
            return install(vma, va, Vpte.of(Frames.ZERO, Vpte.A));
        }
        int frame = supply.frameOrKill(FrameTable.ANONYMOUS, vma.space);
        if (frame == Frames.NONE) {
            return Vm.FAULT_OOM;
        }
        ram.zero(PageTables.address(frame), PageTables.PAGE);
        counters.zeroFills++;
        return install(vma, va, Vpte.of(frame, USED | writable(vma)));
    }

    private int ofFile(Vma vma, PageCache cache, long va, int access) {
        long index = vma.pageIndex(va);
        if (index >= FilePages.pages(cache.size)) {
            return Vm.FAULT_BUS;
        }
        int frame = files.frame(cache, index, true, vma.space);
        if (frame < 0) {
            return frame == FilePages.NO_MEMORY ? Vm.FAULT_OOM : Vm.FAULT_BUS;
        }
        if (access == Vma.WRITE && !vma.shared) {
            return copyOf(vma, va, frame);
        }
        if (access == Vma.WRITE) {
            written(vma, cache, frame);
        }
        int done = install(vma, va, Vpte.of(frame, Vpte.A | cachedRights(vma, cache, frame)));
        if (done == Vm.FAULT_DONE) {
            around(vma, cache, va);
        }
        return done;
    }

    /** A private copy of a page that is not mapped. @param frame with a reference, which is given back */
    private int copyOf(Vma vma, long va, int frame) {
        int copy = supply.frameOrKill(FrameTable.ANONYMOUS, vma.space);
        if (copy != Frames.NONE) {
            ram.copy(PageTables.address(frame), PageTables.address(copy), PageTables.PAGE);
            counters.copies++;
        }
        frames.release(frame);
        return copy == Frames.NONE ? Vm.FAULT_OOM : install(vma, va, Vpte.of(copy, USED | writable(vma)));
    }

    /** Puts a page where none is. @param entry frame, whose reference becomes the entry's, and bits but V, U, R, X */
    private int install(Vma vma, long va, long entry) {
        long slot = tables.make(vma.space, va);
        if (slot < 0 || ram.getLong(slot) != 0) {
            frames.release(Vpte.frame(entry));
            return slot < 0 ? Vm.FAULT_OOM : Vm.FAULT_DONE;
        }
        tables.fill(vma.space, slot, entry | Vpte.V | Vpte.U | PageTables.rights(vma));
        return Vm.FAULT_DONE;
    }

    /** Maps neighbours that are in memory already: no fault for each page of a program. */
    private void around(Vma vma, PageCache cache, long va) {
        long window = va & -(long) AROUND * PageTables.PAGE;
        long start = Math.max(window, vma.start);
        long end = Math.min(window + AROUND * PageTables.PAGE, vma.end);
        long slot = tables.find(vma.space.root, start);
        long index = vma.pageIndex(start);
        long size = FilePages.pages(cache.size);
        for (long at = start; at < end && index < size; at += PageTables.PAGE, slot += Long.BYTES, index++) {
            int frame = ram.getLong(slot) == 0 ? cache.frame(index) : Frames.NONE;
            if (frame >= 0) {
                frames.share(frame);
                long bits = Vpte.V | Vpte.U | PageTables.rights(vma) | cachedRights(vma, cache, frame);
                tables.fill(vma.space, slot, Vpte.of(frame, bits));
            }
        }
    }

    /** A write to a page that is there and write-protected. */
    private int unshare(Vma vma, long va, long entry) {
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
    }

    /** Before a page of a file becomes writable: it cannot be read again, and the file is modified. */
    private void written(Vma vma, PageCache cache, int frame) {
        if (cache.source != null) {
            frames.markDirty(frame);
        }
        if (vma.file != null) {
            Inode inode = vma.file.inode();
            inode.mtime = kernel.realtime();
            inode.ctime = inode.mtime;
        }
    }

    private static long writable(Vma vma) {
        return (vma.protection & Vma.WRITE) != 0 ? Vpte.W : 0;
    }

    /** A page that could be read again is write-protected until its first write, which is noted. */
    private long cachedRights(Vma vma, PageCache cache, int frame) {
        boolean free = vma.shared && (cache.source == null || frames.dirty(frame));
        return free ? PageTables.CACHED | writable(vma) : PageTables.CACHED;
    }
}
