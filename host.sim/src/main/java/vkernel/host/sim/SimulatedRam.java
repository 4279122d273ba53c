package vkernel.host.sim;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import vkernel.host.Ram;
import vkernel.host.Vpte;

/** Guest RAM as one segment off the heap. The segment checks ranges, and throws once the machine is closed. */
final class SimulatedRam implements Ram {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ALIGNED_LONG =
            JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle ALIGNED_INT =
            JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final MemorySegment memory;
    private final CodeFrames code;

    SimulatedRam(MemorySegment memory, CodeFrames code) {
        this.memory = memory;
        this.code = code;
    }

    @Override
    public long size() {
        return memory.byteSize();
    }

    @Override
    public long base() {
        return memory.address();
    }

    @Override
    public long getLong(long address) {
        return memory.get(LONG, address);
    }

    @Override
    public int getInt(long address) {
        return memory.get(INT, address);
    }

    @Override
    public short getShort(long address) {
        return memory.get(SHORT, address);
    }

    @Override
    public byte getByte(long address) {
        return memory.get(JAVA_BYTE, address);
    }

    @Override
    public void putLong(long address, long value) {
        boolean marked = writing(address, Long.BYTES);
        memory.set(LONG, address, value);
        if (marked) code.changed(address, Long.BYTES);
    }

    @Override
    public void putInt(long address, int value) {
        boolean marked = writing(address, Integer.BYTES);
        memory.set(INT, address, value);
        if (marked) code.changed(address, Integer.BYTES);
    }

    @Override
    public void putShort(long address, short value) {
        boolean marked = writing(address, Short.BYTES);
        memory.set(SHORT, address, value);
        if (marked) code.changed(address, Short.BYTES);
    }

    @Override
    public void putByte(long address, byte value) {
        boolean marked = writing(address, Byte.BYTES);
        memory.set(JAVA_BYTE, address, value);
        if (marked) code.changed(address, Byte.BYTES);
    }

    @Override
    public int compareAndExchangeInt(long address, int expected, int update) {
        boolean marked = writing(address, Integer.BYTES);
        int was = (int) ALIGNED_INT.compareAndExchange(memory, address, expected, update);
        if (marked) code.changed(address, Integer.BYTES);
        return was;
    }

    @Override
    public long compareAndExchangeLong(long address, long expected, long update) {
        boolean marked = writing(address, Long.BYTES);
        long was = (long) ALIGNED_LONG.compareAndExchange(memory, address, expected, update);
        if (marked) code.changed(address, Long.BYTES);
        return was;
    }

    @Override
    public void read(long address, byte[] to, int offset, int length) {
        MemorySegment.copy(memory, JAVA_BYTE, address, to, offset, length);
    }

    @Override
    public void write(long address, byte[] from, int offset, int length) {
        check(address, length);
        code.changing(address, length);
        MemorySegment.copy(from, offset, memory, JAVA_BYTE, address, length);
        code.changed(address, length);
    }

    @Override
    public void copy(long from, long to, long length) {
        check(to, length);
        code.changing(to, length);
        MemorySegment.copy(memory, from, memory, to, length);
        code.changed(to, length);
    }

    @Override
    public void zero(long address, long length) {
        MemorySegment range = memory.asSlice(address, length);
        code.changing(address, length);
        range.fill((byte) 0);
        code.changed(address, length);
    }

    @Override
    public boolean equal(long a, long b, long length) {
        check(a, length);
        check(b, length);
        return MemorySegment.mismatch(memory, a, a + length, memory, b, b + length) < 0;
    }

    @Override
    public void markCode(int frame) {
        code.mark(frame);
    }

    @Override
    public boolean isCode(int frame) {
        return code.marked(frame);
    }

    CodeFrames code() {
        return code;
    }

    /** A range as a device sees it; who fills it calls {@link CodeFrames#changing} before and changed after. */
    ByteBuffer buffer(long address, int length) {
        return memory.asSlice(address, length).asByteBuffer();
    }

    /** A page table entry, read once: another hart may be changing it. */
    long entry(long address) {
        return (long) ALIGNED_LONG.getOpaque(memory, address);
    }

    /** Replaces a page table entry unless it has changed. Page tables hold no code. */
    boolean replaceEntry(long address, long expected, long update) {
        return ALIGNED_LONG.compareAndSet(memory, address, expected, update);
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
