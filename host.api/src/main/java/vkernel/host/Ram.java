package vkernel.host;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Guest physical memory. Addresses are offsets from 0; numbers are little-endian and need no alignment unless said.
 *
 * <p>Every method checks its range and throws {@link IndexOutOfBoundsException}: an address outside is a bug of the
 * kernel, never of a user program. Any thread may call; concurrent accesses to the same bytes race as on a machine,
 * aligned 8-byte accesses are atomic. Every write method tells the execution engine when it changes a frame from
 * which code was translated, so that no stale instruction is ever executed. Once the machine is gone every method
 * throws {@link IllegalStateException}.
 */
@ProviderType
public interface Ram {
    /** Bytes. */
    long size();

    /** Number of frames of {@link Vpte#PAGE_SIZE} bytes. */
    default int frames() {
        return (int) (size() >>> Vpte.PAGE_SHIFT);
    }

    /**
     * Address of the first byte in the host's memory, for an execution engine that does its own checks. Constant for
     * the life of the RAM.
     */
    long base();

    long getLong(long address);

    int getInt(long address);

    short getShort(long address);

    byte getByte(long address);

    void putLong(long address, long value);

    void putInt(long address, int value);

    void putShort(long address, short value);

    void putByte(long address, byte value);

    /** Sets an aligned int to {@code update} if it is {@code expected}, atomically, and returns what it was. */
    int compareAndExchangeInt(long address, int expected, int update);

    /** Sets an aligned long to {@code update} if it is {@code expected}, atomically, and returns what it was. */
    long compareAndExchangeLong(long address, long expected, long update);

    /** Copies out of RAM. */
    void read(long address, byte[] to, int offset, int length);

    /** Copies into RAM. */
    void write(long address, byte[] from, int offset, int length);

    /** Copies within RAM; overlapping ranges as by memmove. */
    void copy(long from, long to, long length);

    /** Sets a range to 0. */
    void zero(long address, long length);

    /** Whether two ranges hold the same bytes. */
    boolean equal(long a, long b, long length);

    /**
     * Notes that an engine is about to read code from a frame, so that the next write to it is reported by
     * {@link vkernel.host.engine.Engine#codeChanged}. When it returns no hart can write to the frame unreported.
     *
     * <p>It waits for other harts and may be called inside {@code run}, where it also attends to this hart's own
     * flushes: the engine holds no translated address across the call, and no lock that {@code codeChanged} takes.
     */
    void markCode(int frame);

    /** Whether an engine holds translations of code in a frame. */
    boolean isCode(int frame);
}
