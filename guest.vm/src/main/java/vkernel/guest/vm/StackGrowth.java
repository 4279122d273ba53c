package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vma;

/** Ranges that grow down on a fault below them (Linux: mm/mmap.c, expand_downwards). */
final class StackGrowth {
    /** Bytes kept free below such a range (stack_guard_gap). */
    static final long GAP = 1 << 20;

    /** The range above an address, grown down to hold it; null when it cannot. */
    @Nullable
    Vma grow(AddressSpace space, @Nullable Process process, long va) {
        int above = space.indexOf(va);
        if (Long.compareUnsigned(va, AddressSpace.MIN) < 0 || above == space.count()) {
            return null;
        }
        Vma vma = space.vma(above);
        long start = va & -PageTables.PAGE;
        if (!vma.growsDown || !withinLimits(vma, process, start) || tooNear(space, above, start)) {
            return null;
        }
        if (vma.pages != null) {
            long pages = (vma.start - start) >>> PageTables.SHIFT;
            if (pages > vma.pageOffset) {
                return null;
            }
            vma.pageOffset -= pages;
        }
        vma.start = start;
        return vma;
    }

    private static boolean withinLimits(Vma vma, @Nullable Process process, long start) {
        if (process == null) {
            return true;
        }
        long stack = process.softLimits[Limits.STACK];
        return Long.compareUnsigned(vma.end - start, stack) <= 0 && Quota.mayMap(vma.space, process, vma.start - start);
    }

    private static boolean tooNear(AddressSpace space, int above, long start) {
        if (above == 0) {
            return false;
        }
        Vma below = space.vma(above - 1);
        return !below.growsDown && below.protection != 0 && start - below.end < GAP;
    }
}
