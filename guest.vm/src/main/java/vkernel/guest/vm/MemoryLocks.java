package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** mlock(2), munlock(2), mlockall(2) and what they allow (Linux: mm/mlock.c). */
final class MemoryLocks {
    private final Kernel kernel;
    private final Mapping mapping;

    MemoryLocks(Kernel kernel, Mapping mapping) {
        this.kernel = kernel;
        this.mapping = mapping;
    }

    /** See {@link Vm#lock}. */
    long lock(AddressSpace space, long start, long length, int how) {
        long from = start & -PageTables.PAGE;
        long bytes = Mapping.roundUp(length + (start - from));
        if (how == Vm.LOCK_OFF) {
            return from + bytes < from ? -Errno.EINVAL : change(space, from, bytes, false);
        }
        Task caller = kernel.current();
        if (!allowed(caller)) {
            return -Errno.EPERM;
        }
        long more = bytes - space.locked(from, from + bytes);
        if (!fits(space, caller, more)) {
            return -Errno.ENOMEM;
        }
        if (from + bytes < from) {
            return -Errno.EINVAL;
        }
        long bad = change(space, from, bytes, true);
        return bad != 0 || how == Vm.LOCK_ON_FAULT || mapping.populate(space, from, from + bytes) ? bad : -Errno.ENOMEM;
    }

    /** All of a range that is mapped up to the first gap. */
    private static long change(AddressSpace space, long start, long bytes, boolean locked) {
        if (!Placement.inside(start, bytes)) {
            return bytes == 0 ? 0 : -Errno.ENOMEM;
        }
        long end = start + bytes;
        long at = start;
        while (at < end) {
            Vma vma = space.find(at);
            if (vma == null || vma.locked != locked && space.count() + 2 > Quota.MAX_RANGES) {
                break;
            }
            if (vma.locked != locked) {
                vma = Ranges.part(vma, at, Math.min(end, vma.end));
                vma.locked = locked;
            }
            at = vma.end;
        }
        Ranges.merge(space, start, end);
        return at < end ? -Errno.ENOMEM : 0;
    }

    /** See {@link Vm#lockAll}. */
    long lockAll(AddressSpace space, int now, int future) {
        Task caller = kernel.current();
        boolean any = now != Vm.LOCK_OFF || future != Vm.LOCK_OFF;
        if (any && !allowed(caller)) {
            return -Errno.EPERM;
        }
        if (now != Vm.LOCK_OFF && !fits(space, caller, space.mapped() - space.locked())) {
            return -Errno.ENOMEM;
        }
        space.lockFuture = future;
        if (!any || now != Vm.LOCK_OFF) {
            for (int i = 0; i < space.count(); i++) {
                space.vma(i).locked = any;
            }
            Ranges.merge(space, 0, AddressSpace.END);
        }
        for (int i = 0; now == Vm.LOCK_ON && i < space.count(); i++) {
            mapping.populate(space, space.vma(i).start, space.vma(i).end); // as far as that goes
        }
        return 0;
    }

    /** Whether a task may lock memory at all. @param caller null for the kernel itself */
    static boolean allowed(@Nullable Task caller) {
        return caller == null
                || caller.process.softLimits[Limits.MEMLOCK] != 0
                || caller.credentials.can(Credentials.CAP_IPC_LOCK);
    }

    /** Whether RLIMIT_MEMLOCK lets a task have so many bytes more locked. */
    static boolean fits(AddressSpace space, @Nullable Task caller, long more) {
        if (caller == null || caller.credentials.can(Credentials.CAP_IPC_LOCK)) {
            return true;
        }
        long limit = caller.process.softLimits[Limits.MEMLOCK];
        return limit == Limits.INFINITY || Long.compareUnsigned(space.locked() + more, limit & -PageTables.PAGE) <= 0;
    }
}
