package vkernel.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The host's memory calls (Linux: mmap(2), memfd_create(2)), bound when the first machine is made. Other systems have
 * none of them: {@link #LINUX} says so.
 */
@SuppressWarnings("restricted")
final class HostMemory {
    static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

    static final long FAILED = -1;
    static final int NONE = 0;
    static final int READ_WRITE = 0x3;
    static final int READ_WRITE_EXECUTE = 0x7;
    static final int SHARED = 0x1;
    /** Private, anonymous, reserving nothing. */
    static final int FRESH = 0x4022;

    static final int FIXED = 0x10;
    static final int POPULATE = 0x8000;
    private static final int CLOSE_ON_EXEC = 1;

    private static final class Calls {
        /** The same for all, numbers and pointers: the linker makes classes for each type, tens of milliseconds long. */
        private static final FunctionDescriptor TYPE =
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

        static final MethodHandle MMAP = handle("mmap");
        static final MethodHandle MUNMAP = handle("munmap");
        static final MethodHandle MEMFD = handle("memfd_create");
        static final MethodHandle TRUNCATE = handle("ftruncate");
        static final MethodHandle CLOSE = handle("close");
        static final MethodHandle ANY = Linker.nativeLinker().downcallHandle(TYPE);

        private static MethodHandle handle(String name) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), TYPE);
        }
    }

    private static long call(MethodHandle function, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) function.invokeExact(a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError("C does not throw", t);
        }
    }

    /** Calls machine code with two arguments. */
    static long call(MemorySegment code, long a, long b) {
        try {
            return (long) Calls.ANY.invokeExact(code, a, b, 0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw new AssertionError("machine code does not throw", t);
        }
    }

    /** See mmap(2). @return the address, or {@link #FAILED} */
    static long mmap(long address, long bytes, int protection, int flags, int file, long offset) {
        return call(Calls.MMAP, address, bytes, protection, flags, file, offset);
    }

    static void munmap(long address, long bytes) {
        int failed = (int) call(Calls.MUNMAP, address, bytes, 0, 0, 0, 0);
        if (failed != 0) throw new IllegalStateException("munmap of 0x" + Long.toHexString(address) + " failed");
    }

    /** A file without a name, full of zeroes that cost nothing until they are touched. @return -1 if there is none */
    static int file(String name, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) call(Calls.MEMFD, arena.allocateFrom(name).address(), CLOSE_ON_EXEC, 0, 0, 0, 0);
            if (file < 0 || (int) call(Calls.TRUNCATE, file, bytes, 0, 0, 0, 0) == 0) return file;
            close(file);
            return -1;
        }
    }

    static void close(int file) {
        int failed = (int) call(Calls.CLOSE, file, 0, 0, 0, 0, 0);
        if (failed != 0) throw new IllegalStateException("close of file " + file + " failed");
    }

    /** Memory that is given back with the arena. */
    static MemorySegment segment(long address, long bytes, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, m -> munmap(m.address(), m.byteSize()));
    }

    private HostMemory() {}
}
