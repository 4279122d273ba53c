package vkernel.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Zeroed host memory that costs nothing until it is touched (Linux: mmap(2) with MAP_NORESERVE). {@link Arena} itself
 * writes the zeroes, so it is only the fallback on other systems.
 */
@SuppressWarnings("restricted")
final class HostMemory {
    private static final int PROT_READ_WRITE = 0x3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final long MAP_FAILED = -1;
    private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

    /** Bound when the first machine is made. */
    private static final class Mmap {
        static final MethodHandle CALL = handle(
                "mmap",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    }

    /** Bound when the first machine goes: to bind a call takes tens of milliseconds of a start. */
    private static final class Munmap {
        static final MethodHandle CALL = handle("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /**
     * Reserves memory that lives as long as the arena.
     *
     * @throws HostException {@code NO_MEMORY}
     */
    static MemorySegment reserve(long bytes, Arena arena) {
        if (LINUX) return mapped(bytes, arena);
        try {
            return arena.allocate(bytes, Vpte.PAGE_SIZE);
        } catch (OutOfMemoryError e) {
            throw new HostException(HostException.Reason.NO_MEMORY, "no host memory for " + bytes + " bytes", e);
        }
    }

    private static MemorySegment mapped(long bytes, Arena arena) {
        long address = mmap(bytes);
        if (address == MAP_FAILED) {
            throw new HostException(HostException.Reason.NO_MEMORY, "no host memory for " + bytes + " bytes");
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, HostMemory::munmap);
    }

    private static long mmap(long bytes) {
        try {
            return (long) Mmap.CALL.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
        } catch (Throwable e) {
            throw new AssertionError("mmap does not throw", e);
        }
    }

    private static void munmap(MemorySegment memory) {
        int failed;
        try {
            failed = (int) Munmap.CALL.invokeExact(memory.address(), memory.byteSize());
        } catch (Throwable e) {
            throw new AssertionError("munmap does not throw", e);
        }
        if (failed != 0) throw new IllegalStateException("munmap of " + memory + " failed");
    }

    private HostMemory() {}
}
