package vkernel.host.riscv.jit;

import vkernel.host.Window;
import vkernel.host.riscv.Memory;

/** What generated code calls for memory: raw accesses to addresses that a TLB gave. Small enough to be inlined. */
@SuppressWarnings("removal")
final class Raw {
    private static final sun.misc.Unsafe U = Memory.UNSAFE;
    private static final long BASE = sun.misc.Unsafe.ARRAY_LONG_BASE_OFFSET;

    private Raw() {}

    /** An entry of one of the TLB's arrays, by byte offset. */
    static long entry(long[] array, long offset) {
        return U.getLong(array, BASE + offset);
    }

    /** Where an address is in its page, if a window has the page open for reading; else a larger number, without sign. */
    static long readable(long window, long va) {
        return U.getLong(window + Window.READABLE + tag(va)) ^ va;
    }

    static long writable(long window, long va) {
        return U.getLong(window + Window.WRITABLE + tag(va)) ^ va;
    }

    /** Where the tag of a page is in a window's table: written so that the processor scales it in the address. */
    private static long tag(long va) {
        return (long) ((int) va >>> 12) << 3;
    }

    /** Whether the pages of an address and of the byte so far behind it are open for reading. */
    static boolean readable(long window, long va, int more) {
        return (readable(window, va) | readable(window, va + more)) >>> 12 == 0;
    }

    static boolean writable(long window, long va, int more) {
        return (writable(window, va) | writable(window, va + more)) >>> 12 == 0;
    }

    /** Whether an access and the bytes behind its first lie in a page. @param page its number, or -1 for none */
    static boolean within(long va, long page, int more) {
        return ((va >>> 12 ^ page) | (va + more >>> 12 ^ page)) == 0;
    }
}
