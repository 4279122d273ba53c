package vkernel.guest.vm;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** mmap(2), munmap(2), brk(2) (Linux: mm/mmap.c). */
final class Mapping {
    private static final int SHARED_VALIDATE = 3;
    private static final int MAP_TYPE = 0xf;
    private static final int MS_NOEXEC = 8;
    private static final int PROTECTIONS = Vma.READ | Vma.WRITE | Vma.EXECUTE;

    private final Kernel kernel;
    private final Ranges ranges;
    private final Faults faults;
    private final LongSupplier most;
    /** Numbers given to shared anonymous memory; soft: only shown. */
    private long sharedMemories;

    Mapping(Kernel kernel, Ranges ranges, Faults faults, LongSupplier most) {
        this.kernel = kernel;
        this.ranges = ranges;
        this.faults = faults;
        this.most = most;
    }

    long map(
            AddressSpace space,
            long hint,
            long length,
            int protection,
            int flags,
            @Nullable OpenFile file,
            long offset) {
        long bytes = roundUp(length);
        long bad = check(length, bytes, flags, offset);
        if (bad != 0) {
            return bad;
        }
        PageCache pages = null;
        if (file != null) {
            bad = mayMap(file, protection, shared(flags));
            pages = bad == 0 ? file.ops().pages(file) : null;
            if (pages == null) {
                return bad != 0 ? bad : -Errno.ENODEV;
            }
        } else if (shared(flags)) {
            pages = new PageCache();
            pages.size = bytes;
            pages.ownedByMappings = true;
            pages.ino = ++sharedMemories;
        }
        Vma vma = new Vma(space, 0, bytes, protection & PROTECTIONS);
        vma.file = file;
        vma.pages = pages;
        vma.pageOffset = file == null ? 0 : offset >>> PageTables.SHIFT;
        return place(vma, hint, flags);
    }

    long mapPages(
            AddressSpace space,
            long hint,
            long length,
            int protection,
            int flags,
            PageCache pages,
            @Nullable String name) {
        long bytes = roundUp(length);
        long bad = check(length, bytes, flags, 0);
        if (bad != 0) {
            return bad;
        }
        Vma vma = new Vma(space, 0, bytes, protection & PROTECTIONS);
        vma.pages = pages;
        vma.name = name;
        return place(vma, hint, flags);
    }

    private static long check(long length, long bytes, int flags, long offset) {
        int type = flags & MAP_TYPE;
        if (length == 0 || type == 0 || type > SHARED_VALIDATE || (offset & PageTables.PAGE - 1) != 0) {
            return -Errno.EINVAL;
        }
        if (bytes <= 0 || bytes > AddressSpace.END) {
            return -Errno.ENOMEM;
        }
        return offset < 0 || offset + bytes < 0 ? -Errno.EOVERFLOW : 0;
    }

    static boolean shared(int flags) {
        return (flags & Vm.MAP_SHARED) != 0;
    }

    /** 0 for lengths beyond the address space. */
    static long roundUp(long bytes) {
        return (bytes + PageTables.PAGE - 1) & -PageTables.PAGE;
    }

    /** Whether an open file may be mapped so. */
    static long mayMap(OpenFile file, int protection, boolean shared) {
        boolean write = (protection & Vma.WRITE) != 0 && shared;
        if (!file.readable() || write && !file.writable()) {
            return -Errno.EACCES;
        }
        boolean execute = (protection & Vma.EXECUTE) != 0;
        return execute && (file.path.mount().flags & MS_NOEXEC) != 0 ? -Errno.EPERM : 0;
    }

    /** Finds a place for a range that begins at 0, and puts it there. */
    private long place(Vma template, long hint, int flags) {
        AddressSpace space = template.space;
        long bytes = template.end;
        Task caller = kernel.current();
        long start = Placement.choose(space, hint, bytes, flags, caller);
        if (start < 0) {
            return start;
        }
        Vma vma = Ranges.like(template, space, start, start + bytes);
        vma.shared = shared(flags);
        vma.growsDown = (flags & Vm.MAP_GROWSDOWN) != 0;
        long replaced = Ranges.mapped(space, start, vma.end);
        vma.locked = (flags & Vm.MAP_LOCKED) != 0 || space.lockFuture != Vm.LOCK_OFF;
        if ((flags & Vm.MAP_LOCKED) != 0 && !MemoryLocks.allowed(caller)) {
            return -Errno.EPERM;
        }
        if (vma.locked && !MemoryLocks.fits(space, caller, bytes)) {
            return -Errno.EAGAIN;
        }
        if (!mayAdd(vma, bytes - replaced, caller == null ? null : caller.process, flags)) {
            return -Errno.ENOMEM;
        }
        if (replaced != 0) {
            ranges.unmap(space, start, vma.end);
        }
        Ranges.add(vma);
        Ranges.merge(space, start, vma.end);
        if ((flags & (Vm.MAP_POPULATE | Vm.MAP_LOCKED)) != 0 || space.lockFuture == Vm.LOCK_ON) {
            populate(space, start, start + bytes);
        }
        return start;
    }

    private boolean mayAdd(Vma vma, long more, @Nullable Process process, int flags) {
        boolean data = Quota.isData(vma.protection, vma.shared, vma.growsDown);
        boolean counts = data || vma.shared && vma.file == null;
        return !vma.space.doomed
                && vma.space.count() < Quota.MAX_RANGES
                && (!counts || (flags & Vm.MAP_NORESERVE) != 0 || vma.end - vma.start <= most.getAsLong())
                && Quota.mayMap(vma.space, process, more)
                && (!data || Quota.mayHaveData(vma.space, process, more));
    }

    /** Faults pages in until one cannot be had. */
    boolean populate(AddressSpace space, long start, long end) {
        for (long va = start; va < end; va += PageTables.PAGE) {
            Vma vma = space.find(va);
            if (vma == null || vma.protection == 0) {
                return false;
            }
            boolean write = (vma.protection & Vma.WRITE) != 0 && !vma.shared;
            if (faults.bring(vma, va, write ? Vma.WRITE : Vma.READ) != Vm.FAULT_DONE) {
                return false;
            }
        }
        return true;
    }

    long unmap(AddressSpace space, long start, long length) {
        long bytes = roundUp(length);
        if ((start & PageTables.PAGE - 1) != 0 || length == 0 || bytes == 0 || !Placement.inside(start, bytes)) {
            return -Errno.EINVAL;
        }
        Vma first = space.find(start);
        boolean splits = first != null && first.start < start && first.end > start + bytes;
        if (splits && space.count() >= Quota.MAX_RANGES) {
            return -Errno.ENOMEM;
        }
        ranges.unmap(space, start, start + bytes);
        return 0;
    }

    long brk(AddressSpace space, long wanted, long dataLimit) {
        if (Long.compareUnsigned(wanted, space.brkStart) < 0 || Long.compareUnsigned(wanted, AddressSpace.END) >= 0) {
            return space.brk;
        }
        long old = roundUp(space.brk);
        long now = roundUp(wanted);
        if (now < old) {
            ranges.unmap(space, now, old);
        } else if (now > old && !grow(space, old, now, wanted, dataLimit)) {
            return space.brk;
        }
        space.brk = wanted;
        return wanted;
    }

    private boolean grow(AddressSpace space, long old, long now, long wanted, long dataLimit) {
        long data = wanted - space.brkStart + (space.endData - space.startData);
        Task caller = kernel.current();
        int above = space.indexOf(old);
        boolean room = above == space.count() || Placement.lowest(space.vma(above)) >= now;
        Vma vma = new Vma(space, old, now, Vma.READ | Vma.WRITE);
        vma.name = "[heap]";
        vma.locked = space.lockFuture != Vm.LOCK_OFF;
        if (vma.locked && !MemoryLocks.fits(space, caller, now - old)
                || Long.compareUnsigned(data, dataLimit) > 0
                || !room
                || !mayAdd(vma, now - old, caller == null ? null : caller.process, 0)) {
            return false;
        }
        Ranges.add(vma);
        Ranges.merge(space, old, now);
        if (space.lockFuture == Vm.LOCK_ON) {
            populate(space, old, now);
        }
        return true;
    }
}
