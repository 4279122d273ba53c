package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.host.Ram;
import vkernel.kern.Errno;
import vkernel.kern.RecentStrings;
import vkernel.vm.AddressSpace;
import vkernel.vm.FutexKey;
import vkernel.vm.Vma;

/** Words and strings in user memory (Linux: futex_atomic_cmpxchg_inatomic, get_futex_key, strncpy_from_user). */
final class UserWords {
    private static final long UNSIGNED = 0xffff_ffffL;

    private final Ram ram;
    private final UserMemory memory;
    /** One page of a string. */
    private final byte[] page = new byte[PageTables.PAGE];

    private final RecentStrings recent = new RecentStrings();

    UserWords(Ram ram, UserMemory memory) {
        this.ram = ram;
        this.memory = memory;
    }

    long load(AddressSpace space, long va) {
        long address = aligned(va) ? memory.readable(space, va) : UserMemory.FAULT;
        return address == UserMemory.FAULT ? -Errno.EFAULT : ram.getInt(address) & UNSIGNED;
    }

    long compareAndExchange(AddressSpace space, long va, int expected, int update) {
        long address = aligned(va) ? memory.writable(space, va) : UserMemory.FAULT;
        return address == UserMemory.FAULT
                ? -Errno.EFAULT
                : ram.compareAndExchangeInt(address, expected, update) & UNSIGNED;
    }

    private static boolean aligned(long va) {
        return (va & Integer.BYTES - 1) == 0;
    }

    @Nullable
    FutexKey futexKey(AddressSpace space, long va, boolean processPrivate) {
        if (Long.compareUnsigned(va, AddressSpace.END - Integer.BYTES) > 0) {
            return null;
        }
        if (processPrivate) {
            return new FutexKey(space, va);
        }
        if (memory.readable(space, va) == UserMemory.FAULT) {
            return null;
        }
        Vma vma = space.find(va);
        if (vma == null) {
            return null;
        }
        boolean shared = vma.shared && vma.pages != null;
        long position = vma.pageIndex(va) << PageTables.SHIFT | va & PageTables.PAGE - 1;
        return shared ? new FutexKey(vma.pages, position) : new FutexKey(space, va);
    }

    @Nullable
    String string(AddressSpace space, long va, int limit) {
        long length = length(space, va, limit);
        if (length < 0) {
            return null;
        }
        byte[] bytes = length <= page.length ? page : new byte[(int) length];
        int read = memory.read(space, va, bytes, 0, (int) length);
        return read < length ? null : recent.of(bytes, read);
    }

    long length(AddressSpace space, long va, int limit) {
        int length = 0;
        while (length <= limit) {
            long address = memory.readable(space, va + length);
            if (address == UserMemory.FAULT) {
                return -Errno.EFAULT;
            }
            int n = PageTables.PAGE - (int) (address & PageTables.PAGE - 1);
            ram.read(address, page, 0, n);
            for (int i = 0; i < n && length <= limit; i++, length++) {
                if (page[i] == 0) {
                    return length;
                }
            }
        }
        return -Errno.ENAMETOOLONG;
    }
}
