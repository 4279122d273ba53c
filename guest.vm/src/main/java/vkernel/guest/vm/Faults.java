package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.fs.OpenFile;
import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.VmCounters;
import vkernel.vm.Vma;

/**
 * Page faults (Linux: mm/memory.c, handle_mm_fault). Here: demand paging, zero fill. Not here: what a write needs
 * (Writes). Answers are those of {@link Vm}. A repair that finds the tables changed under it (by making room) says
 * FAULT_DONE: the access is made again and faults again.
 */
final class Faults {
    /** Pages mapped around a fault on a file, aligned; a power of two. */
    private static final int AROUND = 16;

    private final Ram ram;
    private final Frames frames;
    private final Supply supply;
    private final PageTables tables;
    private final FilePages files;
    private final Writes writes;
    private final SwapIn swapIn;
    private final StackGrowth stacks;
    private final VmCounters counters;

    Faults(
            Ram ram,
            Frames frames,
            Supply supply,
            PageTables tables,
            FilePages files,
            Writes writes,
            SwapIn swapIn,
            VmCounters counters) {
        this.ram = ram;
        this.frames = frames;
        this.supply = supply;
        this.tables = tables;
        this.files = files;
        this.writes = writes;
        this.swapIn = swapIn;
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
    static boolean allows(Vma vma, int access) {
        int wanted = access == Vma.READ ? Vma.READ | Vma.WRITE : access;
        return (vma.protection & wanted) != 0;
    }

    /** Makes a page present for an access, whatever the protection of its range; what the tables allow follows it. */
    int bring(Vma vma, long va, int access) {
        long entry = tables.entry(vma.space.root, va);
        if (entry == 0) {
            int slot = vma.space.swapped.get(va >>> PageTables.SHIFT);
            if (slot >= 0) {
                return swapIn.bring(vma, va, slot);
            }
            return vma.pages == null ? anonymous(vma, va, access) : ofFile(vma, vma.pages, va, access);
        }
        return access == Vma.WRITE && (entry & Vpte.W) == 0 ? writes.unshare(vma, va, entry) : Vm.FAULT_DONE;
    }

    private int anonymous(Vma vma, long va, int access) {
        if (access != Vma.WRITE) {
            return writes.install(vma, va, Vpte.of(Frames.ZERO, Vpte.A));
        }
        int frame = supply.frameOrKill(FrameTable.ANONYMOUS, vma.space);
        if (frame == Frames.NONE) {
            return Vm.FAULT_OOM;
        }
        ram.zero(PageTables.address(frame), PageTables.PAGE);
        counters.zeroFills++;
        return writes.install(vma, va, Vpte.of(frame, Writes.USED | Writes.writable(vma)));
    }

    private int ofFile(Vma vma, PageCache cache, long va, int access) {
        long index = vma.pageIndex(va);
        if (index >= FilePages.pages(cache.size)) {
            return Vm.FAULT_BUS;
        }
        if (full(vma, cache, index)) {
            return Vm.FAULT_BUS;
        }
        Task waiter = swapIn.waiter;
        long begun = waiter == null ? 0 : files.begin(waiter, cache, index);
        if (begun == Kernel.BLOCKED) {
            counters.majorFaults++;
            return Vm.FAULT_WAIT;
        }
        if (begun == -Errno.EIO) {
            return Vm.FAULT_BUS;
        }
        int frame = files.frame(cache, index, true, vma.space); // also when there was no memory to begin with
        if (frame < 0) {
            return switch (frame) {
                case FilePages.NO_MEMORY -> Vm.FAULT_OOM;
                case FilePages.WAITS -> Vm.FAULT_WAIT;
                default -> Vm.FAULT_BUS;
            };
        }
        if (access == Vma.WRITE && !vma.shared) {
            return writes.copyOf(vma, va, frame);
        }
        if (access == Vma.WRITE) {
            writes.written(vma, cache, frame);
        }
        int done = writes.install(vma, va, Vpte.of(frame, Vpte.A | writes.cachedRights(vma, cache, frame)));
        if (done == Vm.FAULT_DONE) {
            around(vma, cache, va, false);
        }
        return done;
    }

    /** Whether a hole cannot be filled, for the file system may have no more pages (tmpfs(5), size). */
    private static boolean full(Vma vma, PageCache cache, long index) {
        OpenFile file = vma.file;
        if (file == null || file.inode().sb.maxPages == 0 || cache.source != null || cache.has(index)) {
            return false;
        }
        Inode inode = file.inode();
        // those that faults have made since the last call on the file are not counted yet
        return inode.sb.pages - inode.charged + cache.pages() >= inode.sb.maxPages;
    }

    /**
     * Maps neighbours that are in memory already: no fault for each page of a program.
     *
     * @param together whether others count references at the same time
     */
    void around(Vma vma, PageCache cache, long va, boolean together) {
        long window = va & -(long) AROUND * PageTables.PAGE;
        long start = Math.max(window, vma.start);
        long end = Math.min(window + AROUND * PageTables.PAGE, vma.end);
        long slot = tables.find(vma.space.root, start);
        long index = vma.pageIndex(start);
        long size = FilePages.pages(cache.size);
        for (long at = start; at < end && index < size; at += PageTables.PAGE, slot += Long.BYTES, index++) {
            boolean empty = ram.getLong(slot) == 0 && vma.space.swapped.get(at >>> PageTables.SHIFT) < 0;
            int frame = empty ? cache.frame(index) : Frames.NONE;
            if (frame >= 0) {
                if (together) {
                    frames.shareTogether(frame);
                } else {
                    frames.share(frame);
                }
                long bits = Vpte.V | Vpte.U | PageTables.rights(vma) | writes.cachedRights(vma, cache, frame);
                tables.fill(vma.space, slot, Vpte.of(frame, bits));
            }
        }
    }
}
