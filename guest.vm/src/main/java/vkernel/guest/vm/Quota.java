package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vma;

/** How much a process may map (Linux: mm/mmap.c, may_expand_vm; mm/util.c, __vm_enough_memory). */
final class Quota {
    /** Most ranges of an address space (vm.max_map_count). */
    static final int MAX_RANGES = 65530;

    /** Whether RLIMIT_AS lets a process map so many bytes more. */
    static boolean mayMap(AddressSpace space, @Nullable Process process, long more) {
        if (process == null || process.softLimits[Limits.AS] == Limits.INFINITY) {
            return true;
        }
        return Long.compareUnsigned(space.mapped() + more, process.softLimits[Limits.AS]) <= 0;
    }

    /** Whether RLIMIT_DATA lets a process have so many bytes of private writable memory more. */
    static boolean mayHaveData(AddressSpace space, @Nullable Process process, long more) {
        if (process == null || process.softLimits[Limits.DATA] == Limits.INFINITY) {
            return true;
        }
        long data = 0;
        for (int i = 0; i < space.count(); i++) {
            Vma vma = space.vma(i);
            if (isData(vma.protection, vma.shared, vma.growsDown)) {
                data += vma.end - vma.start;
            }
        }
        return Long.compareUnsigned(data + more, process.softLimits[Limits.DATA]) <= 0;
    }

    static boolean isData(int protection, boolean shared, boolean growsDown) {
        return (protection & Vma.WRITE) != 0 && !shared && !growsDown;
    }

    private Quota() {}
}
