package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vma;

/** mprotect(2) (Linux: mm/mprotect.c). */
final class Protection {
    private static final int PROT_SEM = 0x8;
    private static final int PROT_GROWSDOWN = 0x0100_0000;
    private static final int PROTECTIONS = Vma.READ | Vma.WRITE | Vma.EXECUTE;

    private final Kernel kernel;
    private final Ram ram;
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final PageTables tables;
    private final Swap swap;

    Protection(Kernel kernel, vkernel.host.Host host, Frames frames, PageTables tables, Swap swap) {
        this.kernel = kernel;
        this.ram = host.ram();
        this.vmspaces = host.vmspaces();
        this.frames = frames;
        this.tables = tables;
        this.swap = swap;
    }

    long protect(AddressSpace space, long start, long length, int protection) {
        long bytes = Mapping.roundUp(length);
        int other = protection & ~(PROTECTIONS | PROT_SEM);
        if ((start & PageTables.PAGE - 1) != 0 || other != 0 && other != PROT_GROWSDOWN) {
            return -Errno.EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        if (bytes == 0 || !Placement.inside(start, bytes)) {
            return -Errno.ENOMEM;
        }
        Vma first = space.find(start);
        if (first == null) {
            return -Errno.ENOMEM;
        }
        if (other == PROT_GROWSDOWN && !first.growsDown) {
            return -Errno.EINVAL;
        }
        long from = other == PROT_GROWSDOWN ? first.start : start;
        long result = change(space, from, start + bytes, protection & PROTECTIONS);
        Ranges.merge(space, from, start + bytes);
        return result;
    }

    private long change(AddressSpace space, long start, long end, int protection) {
        long at = start;
        while (at < end) {
            Vma vma = space.find(at);
            if (vma == null) {
                return -Errno.ENOMEM;
            }
            long bad = mayChange(vma, protection, Math.min(end, vma.end) - at);
            if (bad != 0) {
                return bad;
            }
            if (vma.protection != protection) {
                vma = Ranges.part(vma, at, end);
                vma.protection = protection;
                apply(vma);
            }
            at = vma.end;
        }
        return 0;
    }

    private long mayChange(Vma vma, int protection, long bytes) {
        OpenFile file = vma.file;
        long bad = file == null ? 0 : Mapping.mayMap(file, protection, vma.shared);
        if (bad != 0) {
            return -Errno.EACCES;
        }
        if (vma.space.count() + 2 > Quota.MAX_RANGES) {
            return -Errno.ENOMEM;
        }
        boolean data = Quota.isData(protection, vma.shared, vma.growsDown);
        boolean more = data && (vma.protection & Vma.WRITE) == 0;
        return !more || mayWrite(vma.space, kernel.current(), bytes) ? 0 : -Errno.ENOMEM;
    }

    private boolean mayWrite(AddressSpace space, @Nullable Task caller, long bytes) {
        return bytes <= swap.bytes(ram.size())
                && Quota.mayHaveData(space, caller == null ? null : caller.process, bytes);
    }

    /** Brings the tables in line with a range's new protection. */
    private void apply(Vma vma) {
        boolean restricted = false;
        long va = vma.start;
        while (va < vma.end) {
            int missing = tables.descend(vma.space.root, va);
            long next = PageTables.behind(va, missing);
            if (missing == 0) {
                int pages = (int) ((Math.min(next, vma.end) - va) >>> PageTables.SHIFT);
                restricted |= applyLeaf(vma, tables.path[0], pages);
            }
            va = next;
        }
        if (restricted) {
            vmspaces.inval(vma.space.id, vma.start, vma.end - vma.start);
        }
    }

    /** @return whether an entry allows less now */
    private boolean applyLeaf(Vma vma, long first, int pages) {
        boolean restricted = false;
        long rights = PageTables.rights(vma);
        for (long slot = first; slot < first + (long) pages * Long.BYTES; slot += Long.BYTES) {
            long entry = ram.getLong(slot);
            if (entry == 0) {
                continue;
            }
            long now = rights | writable(vma, entry);
            restricted |= (entry & ~now & PageTables.RIGHTS) != 0;
            tables.exchange(slot, PageTables.RIGHTS, now);
        }
        return restricted;
    }

    /** Writable at once only where a fault would have nothing to do. */
    private long writable(Vma vma, long entry) {
        boolean sole = (entry & PageTables.CACHED) == 0 && frames.sole(Vpte.frame(entry));
        boolean was = (entry & Vpte.W) != 0;
        return (vma.protection & Vma.WRITE) != 0 && (sole || was) ? Vpte.W : 0;
    }
}
