package vkernel.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The zeroed memory behind {@link Ram}, which costs nothing until it is touched. Where the host can it is a file
 * without a name, so that its pages can be mapped a second time, in {@link Window}s.
 */
final class Frames {
    private static final int NO_FILE = -1;

    private final Arena arena = Arena.ofShared();
    private final int file;
    private final MemorySegment memory;

    /** @throws HostException {@code NO_MEMORY} */
    Frames(long bytes) {
        file = HostMemory.LINUX ? HostMemory.file("ram", bytes) : NO_FILE;
        try {
            memory = HostMemory.LINUX ? mapped(bytes) : arena.allocate(bytes, Vpte.PAGE_SIZE);
        } catch (HostException | OutOfMemoryError e) {
            close();
            throw new HostException(HostException.Reason.NO_MEMORY, "no host memory for " + bytes + " bytes", e);
        }
    }

    private MemorySegment mapped(long bytes) {
        int flags = file == NO_FILE ? HostMemory.FRESH : HostMemory.SHARED;
        long address = HostMemory.mmap(0, bytes, HostMemory.READ_WRITE, flags, file, 0);
        if (address == HostMemory.FAILED) throw new HostException(HostException.Reason.NO_MEMORY, "mmap failed");
        return HostMemory.segment(address, bytes, arena);
    }

    MemorySegment memory() {
        return memory;
    }

    boolean canBeMappedAgain() {
        return file != NO_FILE;
    }

    /** The file to map; only if there is one. */
    int file() {
        return file;
    }

    boolean open() {
        return arena.scope().isAlive();
    }

    void close() {
        arena.close();
        if (file != NO_FILE) HostMemory.close(file);
    }
}
