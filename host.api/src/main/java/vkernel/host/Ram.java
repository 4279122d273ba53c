package vkernel.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Guest physical memory: one segment off the heap. Addresses are offsets from 0; numbers are little-endian and need no
 * alignment unless said. It belongs to no host: its contents do not move when the host is replaced, and whoever keeps
 * a reference may go on using it.
 *
 * <p>Every method checks its range and throws {@link IndexOutOfBoundsException}: an address outside is a bug of the
 * kernel, never of a user program. Any thread may call; concurrent accesses to the same bytes race as on a machine,
 * aligned 8-byte accesses are atomic. Every write method tells the execution engine when it changes a frame from
 * which code was translated, so that no stale instruction is ever executed. Once it is closed every method throws
 * {@link IllegalStateException}.
 */
public final class Ram implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ALIGNED_LONG =
            JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle ALIGNED_INT =
            JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final Frames frames;
    private final MemorySegment memory;
    private final Set<Window> windows = new HashSet<>(); // guarded by itself
    private final List<Window> left = new ArrayList<>(); // no more in use; guarded by windows
    private final CodeMarks code;

    /**
     * Memory full of zeroes, which costs nothing until it is touched.
     *
     * @param size bytes, a multiple of {@link Vpte#PAGE_SIZE}
     * @throws HostException {@code NO_MEMORY}
     */
    public Ram(long size) {
        frames = new Frames(size + (size >>> Vpte.PAGE_SHIFT));
        memory = frames.memory().asSlice(0, size);
        code = new CodeMarks(frames.memory().asSlice(size));
    }

    /** Bytes. */
    public long size() {
        return memory.byteSize();
    }

    /** Number of frames of {@link Vpte#PAGE_SIZE} bytes. */
    public int frames() {
        return (int) (size() >>> Vpte.PAGE_SHIFT);
    }

    /**
     * Address of the first byte in the host's memory, for an execution engine that does its own checks. Constant for
     * the life of the RAM.
     */
    public long base() {
        return memory.address();
    }

    public long getLong(long address) {
        return memory.get(LONG, address);
    }

    public int getInt(long address) {
        return memory.get(INT, address);
    }

    public short getShort(long address) {
        return memory.get(SHORT, address);
    }

    public byte getByte(long address) {
        return memory.get(JAVA_BYTE, address);
    }

    public void putLong(long address, long value) {
        boolean marked = writing(address, Long.BYTES);
        memory.set(LONG, address, value);
        if (marked) code.changed(address, Long.BYTES);
    }

    public void putInt(long address, int value) {
        boolean marked = writing(address, Integer.BYTES);
        memory.set(INT, address, value);
        if (marked) code.changed(address, Integer.BYTES);
    }

    public void putShort(long address, short value) {
        boolean marked = writing(address, Short.BYTES);
        memory.set(SHORT, address, value);
        if (marked) code.changed(address, Short.BYTES);
    }

    public void putByte(long address, byte value) {
        boolean marked = writing(address, Byte.BYTES);
        memory.set(JAVA_BYTE, address, value);
        if (marked) code.changed(address, Byte.BYTES);
    }

    /** Sets an aligned int to {@code update} if it is {@code expected}, atomically, and returns what it was. */
    public int compareAndExchangeInt(long address, int expected, int update) {
        boolean marked = writing(address, Integer.BYTES);
        int was = (int) ALIGNED_INT.compareAndExchange(memory, address, expected, update);
        if (marked) code.changed(address, Integer.BYTES);
        return was;
    }

    /** Sets an aligned long to {@code update} if it is {@code expected}, atomically, and returns what it was. */
    public long compareAndExchangeLong(long address, long expected, long update) {
        boolean marked = writing(address, Long.BYTES);
        long was = (long) ALIGNED_LONG.compareAndExchange(memory, address, expected, update);
        if (marked) code.changed(address, Long.BYTES);
        return was;
    }

    /** Copies out of RAM. */
    public void read(long address, byte[] to, int offset, int length) {
        MemorySegment.copy(memory, JAVA_BYTE, address, to, offset, length);
    }

    /** Copies into RAM. */
    public void write(long address, byte[] from, int offset, int length) {
        check(address, length);
        code.changing(address, length);
        MemorySegment.copy(from, offset, memory, JAVA_BYTE, address, length);
        code.changed(address, length);
    }

    /** Copies within RAM; overlapping ranges as by memmove. */
    public void copy(long from, long to, long length) {
        check(to, length);
        code.changing(to, length);
        MemorySegment.copy(memory, from, memory, to, length);
        code.changed(to, length);
    }

    /** Sets a range to 0. */
    public void zero(long address, long length) {
        MemorySegment range = memory.asSlice(address, length);
        code.changing(address, length);
        range.fill((byte) 0);
        code.changed(address, length);
    }

    /** Whether two ranges hold the same bytes. */
    public boolean equal(long a, long b, long length) {
        check(a, length);
        check(b, length);
        return MemorySegment.mismatch(memory, a, a + length, memory, b, b + length) < 0;
    }

    // --- for hosts, engines and devices -----------------------------------------------------------------------------

    /** A page table entry, read once: another hart may be changing it. @param address aligned */
    public long entry(long address) {
        return (long) ALIGNED_LONG.getOpaque(memory, address);
    }

    /** Replaces a page table entry unless it has changed. Page tables hold no code. @param address aligned */
    public boolean replaceEntry(long address, long expected, long update) {
        return ALIGNED_LONG.compareAndSet(memory, address, expected, update);
    }

    /** A range as a device sees it; who fills it calls {@link #changing} before and {@link #changed} after. */
    public ByteBuffer buffer(long address, int length) {
        return memory.asSlice(address, length).asByteBuffer();
    }

    /** To be called before a hart gets a translation by which it can write to a frame. */
    public void changing(int frame) {
        code.changing(frame);
    }

    /** To be called before the contents of a range change. */
    public void changing(long address, long length) {
        code.changing(address, length);
    }

    /** To be called after the contents of a range have changed. */
    public void changed(long address, long length) {
        code.changed(address, length);
    }

    /**
     * Notes that an engine is about to read code from a frame, so that the next write to it is reported by
     * {@link vkernel.host.engine.Engine#codeChanged}. When it returns no hart can write to the frame unreported.
     *
     * <p>It waits for other harts and may be called inside {@code run}, where it also attends to this hart's own
     * flushes: the engine holds no translated address across the call, and no lock that {@code codeChanged} takes.
     */
    public void markCode(int frame) {
        code.mark(frame);
    }

    /** Whether an engine holds, or held, translations of code in a frame. */
    public boolean isCode(int frame) {
        return code.marked(frame);
    }

    /** Sets who is told of marks and of changed code; null while there is no machine. */
    public void guard(@Nullable CodeGuard guard) {
        code.guard(guard);
    }

    /** A new window onto this memory; null where the host cannot map memory twice, or has no room. */
    public @Nullable Window window() {
        if (!frames.canBeMappedAgain()) return null;
        synchronized (windows) {
            Window window = frames.open() ? Window.on(frames.file()) : null;
            if (window != null) windows.add(window);
            return window;
        }
    }

    /** Gives up all windows: no hart is in user code, and none uses one of them again. */
    public void leaveWindows() {
        synchronized (windows) {
            left.addAll(windows);
            windows.clear();
        }
    }

    /** Unmaps the windows that were given up: that takes a while, and nobody need wait for it. */
    public void closeWindows() {
        List<Window> gone;
        synchronized (windows) {
            gone = List.copyOf(left);
            left.clear();
        }
        gone.forEach(Window::close);
    }

    /** Frees the memory. No hart is in user code any more. */
    @Override
    public void close() {
        leaveWindows();
        closeWindows();
        synchronized (windows) {
            if (frames.open()) frames.close();
        }
    }

    private void check(long address, long length) {
        Objects.checkFromIndexSize(address, length, memory.byteSize());
    }

    /** Whether a frame was marked as code; the engine has then forgotten it. */
    private boolean writing(long address, int length) {
        long first = address >>> Vpte.PAGE_SHIFT;
        long last = address + length - 1 >>> Vpte.PAGE_SHIFT;
        if (!(code.marked(first) | code.marked(last))) return false;
        code.changing(first);
        code.changing(last);
        return true;
    }
}
