package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Errno;
import vkernel.task.Credentials;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** Where a new mapping goes (Linux: mm/mmap.c, get_unmapped_area). */
final class Placement {
    /**
     * An address for a mapping.
     *
     * @param hint rounded down, and up to the lowest address, unless it is fixed
     * @param length whole pages, at most AddressSpace.END
     * @param caller null for the kernel itself
     * @return address, or -ENOMEM, -EINVAL, -EPERM, -EEXIST
     */
    static long choose(AddressSpace space, long hint, long length, int flags, @Nullable Task caller) {
        if ((flags & (Vm.MAP_FIXED | Vm.MAP_FIXED_NOREPLACE)) != 0) {
            return fixed(space, hint, length, flags, caller);
        }
        long wanted = hint & -PageTables.PAGE;
        if (wanted != 0 && Long.compareUnsigned(wanted, AddressSpace.MIN) < 0) {
            wanted = AddressSpace.MIN;
        }
        if (wanted != 0 && inside(wanted, length) && free(space, wanted, length)) {
            return wanted;
        }
        long found = topDown(space, length, space.mmapTop);
        return found != 0 ? found : noneBelow(space, length);
    }

    private static long fixed(AddressSpace space, long at, long length, int flags, @Nullable Task caller) {
        if ((at & PageTables.PAGE - 1) != 0) {
            return -Errno.EINVAL;
        }
        if (!inside(at, length)) {
            return -Errno.ENOMEM;
        }
        if (at < AddressSpace.MIN && caller != null && !caller.credentials.can(Credentials.CAP_SYS_RAWIO)) {
            return -Errno.EPERM;
        }
        if ((flags & Vm.MAP_FIXED_NOREPLACE) != 0 && Ranges.mapped(space, at, at + length) != 0) {
            return -Errno.EEXIST;
        }
        return at;
    }

    /** Whether a range lies in user memory. */
    static boolean inside(long start, long length) {
        return start >= 0 && length >= 0 && length <= AddressSpace.END && start <= AddressSpace.END - length;
    }

    private static long noneBelow(AddressSpace space, long length) {
        long found = topDown(space, length, AddressSpace.END);
        return found != 0 ? found : -Errno.ENOMEM;
    }

    private static boolean free(AddressSpace space, long start, long length) {
        int above = space.indexOf(start);
        return above == space.count() || start + length <= lowest(space.vma(above));
    }

    /** Highest address of a gap below {@code top}; 0 when there is none. */
    private static long topDown(AddressSpace space, long length, long top) {
        long end = top;
        for (int i = Math.min(space.indexOf(top - 1), space.count() - 1); i >= 0; i--) {
            Vma above = space.vma(i);
            if (end - Math.max(above.end, AddressSpace.MIN) >= length) {
                return end - length;
            }
            end = Math.min(end, lowest(above));
        }
        return end - AddressSpace.MIN >= length ? end - length : 0;
    }

    /** Where what lies below a range must end. */
    static long lowest(Vma vma) {
        return vma.growsDown ? Math.max(vma.start - StackGrowth.GAP, 0) : vma.start;
    }
}
