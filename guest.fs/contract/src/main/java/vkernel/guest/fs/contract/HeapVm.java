package vkernel.guest.fs.contract;

import org.jspecify.annotations.Nullable;
import vkernel.rump.RumpMemory;
import vkernel.vm.AddressSpace;

/** Memory of a {@link HeapKernel}, with that of a user. */
public final class HeapVm extends RumpMemory {
    /** The user memory of every task. */
    public final byte[] user = new byte[1 << 16];

    HeapVm(int totalPages) {
        super(totalPages);
    }

    public boolean write(@Nullable AddressSpace space, long va, byte[] from, int offset, int length) {
        if (va < 0 || va + length > user.length) {
            return false;
        }
        System.arraycopy(from, offset, user, (int) va, length);
        return true;
    }
}
