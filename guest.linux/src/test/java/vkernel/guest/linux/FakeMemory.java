package vkernel.guest.linux;

import vkernel.guest.linux.user.Le;
import vkernel.kern.Errno;
import vkernel.vm.AddressSpace;
import vkernel.vm.FutexKey;

/** One flat piece of user memory from {@link #BASE} on, the same in every address space; all else faults. */
public final class FakeMemory {
    public static final long BASE = 0x10_0000;
    public final byte[] bytes = new byte[1 << 20];

    /** Offset in {@link #bytes}, or -1. */
    private int at(long va, long length) {
        return va >= BASE && length >= 0 && va + length <= BASE + bytes.length ? (int) (va - BASE) : -1;
    }

    public void putInt(long va, int value) {
        Le.put32(bytes, at(va, 4), value);
    }

    public int getInt(long va) {
        return Le.i32(bytes, at(va, 4));
    }

    public void putLong(long va, long value) {
        Le.put64(bytes, at(va, 8), value);
    }

    public long getLong(long va) {
        return Le.i64(bytes, at(va, 8));
    }

    public void putString(long va, String string) {
        for (int i = 0; i < string.length(); i++) {
            bytes[at(va, 1) + i] = (byte) string.charAt(i);
        }
        bytes[at(va, 1) + string.length()] = 0;
    }

    Object call(String name, Object[] args) {
        return switch (name) {
            case "read" -> copy((long) args[1], (byte[]) args[2], (int) args[3], (int) args[4], false);
            case "write" -> copy((long) args[1], (byte[]) args[2], (int) args[3], (int) args[4], true);
            case "peek" ->
                copy((long) args[1], (byte[]) args[2], (int) args[3], (int) args[4], false) ? args[4] : (Object) 0;
            case "loadInt" -> at((long) args[1], 4) < 0 ? -(long) Errno.EFAULT : getInt((long) args[1]) & 0xffff_ffffL;
            case "compareAndExchangeInt" -> exchange((long) args[1], (int) args[2], (int) args[3]);
            case "futexKey" -> key((AddressSpace) args[0], (long) args[1]);
            default -> throw new UnsupportedOperationException(name);
        };
    }

    private FutexKey key(AddressSpace space, long va) {
        return at(va, 4) < 0 ? null : new FutexKey(space, va);
    }

    private boolean copy(long va, byte[] array, int offset, int length, boolean write) {
        int at = at(va, length);
        if (at >= 0 && write) {
            System.arraycopy(array, offset, bytes, at, length);
        } else if (at >= 0) {
            System.arraycopy(bytes, at, array, offset, length);
        }
        return at >= 0 || length == 0;
    }

    private long exchange(long va, int expected, int update) {
        int old = getInt(va);
        if (old == expected) {
            putInt(va, update);
        }
        return old & 0xffff_ffffL;
    }
}
