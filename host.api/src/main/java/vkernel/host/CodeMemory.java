package vkernel.host;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Memory whose bytes the host's processor executes: for engines that write machine code. Any thread. */
public final class CodeMemory {
    private CodeMemory() {}

    /**
     * Memory to write code to and to execute it, full of zeroes that cost nothing until they are touched.
     *
     * @param arena when it ends, nobody may execute the code any more
     * @return null where the host has no mmap(2), or does not allow such memory
     */
    public static @Nullable MemorySegment allocate(long bytes, Arena arena) {
        if (!HostMemory.LINUX) return null;
        long address = HostMemory.mmap(0, bytes, HostMemory.READ_WRITE_EXECUTE, HostMemory.FRESH, -1, 0);
        return address == HostMemory.FAILED ? null : HostMemory.segment(address, bytes, arena);
    }

    /**
     * Address of a function of the host's C library, for code to call.
     *
     * @throws java.util.NoSuchElementException when there is none
     */
    public static long function(String name) {
        return Linker.nativeLinker().defaultLookup().findOrThrow(name).address();
    }

    /**
     * Calls code by the C convention of the host. The thread is as in a system call meanwhile: the JVM does not wait
     * for it. The code must keep what a C function keeps, the control word of floats too.
     *
     * @param code its first byte
     * @return what it returned
     */
    public static long call(MemorySegment code, long a, long b) {
        return HostMemory.call(code, a, b);
    }
}
