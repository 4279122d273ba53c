package vkernel.guest.vm;

import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** mremap(2) (Linux: mm/mremap.c). */
final class Remap {
    private static final int MAYMOVE = 1;
    private static final int FIXED = 2;
    private static final int DONTUNMAP = 4;

    private final Kernel kernel;
    private final Ram ram;
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final PageTables tables;
    private final Swap swap;
    private final Ranges ranges;

    Remap(Kernel kernel, vkernel.host.Host host, Frames frames, PageTables tables, Ranges ranges, Swap swap) {
        this.kernel = kernel;
        this.ram = host.ram();
        this.vmspaces = host.vmspaces();
        this.frames = frames;
        this.tables = tables;
        this.swap = swap;
        this.ranges = ranges;
    }

    long remap(AddressSpace space, long start, long oldLength, long newLength, int flags, long newStart) {
        long was = Mapping.roundUp(oldLength);
        long now = Mapping.roundUp(newLength);
        if (!valid(start, oldLength, was, now, flags)) {
            return -Errno.EINVAL;
        }
        Vma vma = space.find(start);
        if (vma == null) {
            return -Errno.EFAULT;
        }
        if (was == 0 && !vma.shared) {
            return -Errno.EINVAL;
        }
        if ((flags & FIXED) != 0 && (!Placement.inside(newStart, now) || overlap(start, was, newStart, now))) {
            return -Errno.EINVAL;
        }
        if ((flags & (FIXED | DONTUNMAP)) == 0 && now <= was && was != 0) {
            ranges.unmap(space, start + now, start + was);
            return start;
        }
        if (was > vma.end - start) {
            return -Errno.EFAULT;
        }
        if (vma.locked && now > was && !MemoryLocks.fits(space, kernel.current(), now - was)) {
            return -Errno.EAGAIN;
        }
        if (!mayGrow(vma, now - was)) {
            return -Errno.ENOMEM;
        }
        boolean stay = (flags & (FIXED | DONTUNMAP)) == 0 && was != 0;
        if (stay && growInPlace(vma, start + was, now - was)) {
            return start;
        }
        return (flags & MAYMOVE) == 0 ? -Errno.ENOMEM : elsewhere(vma, start, was, now, flags, newStart);
    }

    private static boolean valid(long start, long oldLength, long was, long now, int flags) {
        boolean known = (flags & ~(MAYMOVE | FIXED | DONTUNMAP)) == 0;
        boolean moves = (flags & (FIXED | DONTUNMAP)) == 0 || (flags & MAYMOVE) != 0;
        boolean same = (flags & DONTUNMAP) == 0 || was == now;
        boolean old = oldLength == 0 || was != 0 && Placement.inside(start, was);
        return known && moves && same && old && now > 0 && now <= AddressSpace.END && start >= 0 && aligned(start);
    }

    private static boolean aligned(long address) {
        return (address & PageTables.PAGE - 1) == 0;
    }

    private static boolean overlap(long a, long aLength, long b, long bLength) {
        return !aligned(b) || a < b + bLength && b < a + aLength;
    }

    private boolean mayGrow(Vma vma, long more) {
        Task caller = kernel.current();
        Process process = caller == null ? null : caller.process;
        boolean data = Quota.isData(vma.protection, vma.shared, vma.growsDown);
        return !vma.space.doomed
                && vma.space.count() + 3 <= Quota.MAX_RANGES
                && (more <= 0 || !data || more <= swap.bytes(ram.size()))
                && (more <= 0 || Quota.mayMap(vma.space, process, more))
                && (more <= 0 || !data || Quota.mayHaveData(vma.space, process, more));
    }

    private static boolean growInPlace(Vma vma, long oldEnd, long more) {
        AddressSpace space = vma.space;
        if (vma.end != oldEnd || !Placement.inside(oldEnd, more)) {
            return false;
        }
        int above = space.indexOf(oldEnd);
        if (above < space.count() && Placement.lowest(space.vma(above)) < oldEnd + more) {
            return false;
        }
        vma.end += more;
        Ranges.merge(space, vma.start, vma.end);
        return true;
    }

    private long elsewhere(Vma vma, long start, long was, long now, int flags, long newStart) {
        AddressSpace space = vma.space;
        long to = newStart;
        if ((flags & FIXED) != 0) {
            Task caller = kernel.current();
            to = Placement.choose(space, newStart, now, Vm.MAP_FIXED, caller);
            if (to < 0) {
                return to;
            }
            ranges.unmap(space, to, to + now);
        } else {
            to = Placement.choose(space, 0, now, 0, null);
            if (to < 0) {
                return to;
            }
        }
        return move(space, start, was, to, now, flags);
    }

    private long move(AddressSpace space, long start, long was, long to, long now, int flags) {
        Vma from = space.find(start);
        if (from == null) {
            return -Errno.EFAULT;
        }
        Vma moved = Ranges.like(from, space, to, to + now);
        moved.pageOffset = from.pages == null ? 0 : from.pageIndex(start);
        Ranges.add(moved);
        long carried = Math.min(was, now);
        if (!reserve(space, start, carried, to)) {
            ranges.unmap(space, to, to + now);
            return -Errno.ENOMEM;
        }
        movePages(space, start, carried, to);
        if ((flags & DONTUNMAP) == 0 && was != 0) {
            ranges.unmap(space, start, start + was);
        }
        Ranges.merge(space, to, to + now);
        return to;
    }

    /** Makes the tables that the pages will need, so that no page is lost half way. */
    private boolean reserve(AddressSpace space, long start, long length, long to) {
        long end = start + length;
        long va = tables.nextPresent(space.root, start, end);
        while (va < end) {
            if (tables.tryMake(space, va - start + to) < 0) {
                return false;
            }
            va = tables.nextPresent(space.root, va + PageTables.PAGE, end);
        }
        return true;
    }

    private void movePages(AddressSpace space, long start, long length, long to) {
        long end = start + length;
        long va = tables.nextPresent(space.root, start, end);
        boolean any = va < end;
        while (va < end) {
            long slot = tables.find(space.root, va);
            long entry = ram.getLong(slot);
            tables.clear(space, slot, entry);
            tables.fill(space, tables.find(space.root, va - start + to), entry);
            frames.note(Vpte.frame(entry), space.id, va - start + to);
            va = tables.nextPresent(space.root, va + PageTables.PAGE, end);
        }
        moveSwapped(space, start >>> PageTables.SHIFT, end >>> PageTables.SHIFT, to >>> PageTables.SHIFT);
        if (any) {
            vmspaces.inval(space.id, start, length);
        }
    }

    private static void moveSwapped(AddressSpace space, long first, long end, long to) {
        if (space.swapped.count() == 0) {
            return;
        }
        for (long page : space.swapped.pages()) {
            if (page >= first && page < end) {
                space.swapped.put(page - first + to, space.swapped.remove(page));
            }
        }
    }
}
