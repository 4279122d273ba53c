package vkernel.host.riscv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.function.IntConsumer;
import vkernel.host.Ram;
import vkernel.host.Vpte;

/** The least RAM that an engine can run on. Only one thread writes code. */
final class FlatRam implements Ram {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final MemorySegment bytes;
    private final BitSet code = new BitSet();
    private final IntConsumer changed;
    private final Runnable flushWrites;

    FlatRam(Arena arena, long size, IntConsumer changed, Runnable flushWrites) {
        this.bytes = arena.allocate(size, Vpte.PAGE_SIZE);
        this.changed = changed;
        this.flushWrites = flushWrites;
    }

    @Override
    public long size() {
        return bytes.byteSize();
    }

    @Override
    public long base() {
        return bytes.address();
    }

    @Override
    public long getLong(long address) {
        return bytes.get(LONG, address);
    }

    @Override
    public int getInt(long address) {
        return bytes.get(INT, address);
    }

    @Override
    public short getShort(long address) {
        return bytes.get(SHORT, address);
    }

    @Override
    public byte getByte(long address) {
        return bytes.get(ValueLayout.JAVA_BYTE, address);
    }

    @Override
    public void putLong(long address, long value) {
        written(address, 8);
        bytes.set(LONG, address, value);
    }

    @Override
    public void putInt(long address, int value) {
        written(address, 4);
        bytes.set(INT, address, value);
    }

    @Override
    public void putShort(long address, short value) {
        written(address, 2);
        bytes.set(SHORT, address, value);
    }

    @Override
    public void putByte(long address, byte value) {
        written(address, 1);
        bytes.set(ValueLayout.JAVA_BYTE, address, value);
    }

    @Override
    public int compareAndExchangeInt(long address, int expected, int update) {
        throw new UnsupportedOperationException("engines do this on host addresses");
    }

    @Override
    public long compareAndExchangeLong(long address, long expected, long update) {
        throw new UnsupportedOperationException("engines do this on host addresses");
    }

    @Override
    public void read(long address, byte[] to, int offset, int length) {
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, address, to, offset, length);
    }

    @Override
    public void write(long address, byte[] from, int offset, int length) {
        written(address, length);
        MemorySegment.copy(from, offset, bytes, ValueLayout.JAVA_BYTE, address, length);
    }

    @Override
    public void copy(long from, long to, long length) {
        written(to, length);
        MemorySegment.copy(bytes, from, bytes, to, length);
    }

    @Override
    public void zero(long address, long length) {
        written(address, length);
        bytes.asSlice(address, length).fill((byte) 0);
    }

    @Override
    public boolean equal(long a, long b, long length) {
        return bytes.asSlice(a, length).mismatch(bytes.asSlice(b, length)) < 0;
    }

    @Override
    public synchronized void markCode(int frame) {
        code.set(frame);
        flushWrites.run();
    }

    @Override
    public synchronized boolean isCode(int frame) {
        return code.get(frame);
    }

    /** A frame is about to be written. */
    synchronized void written(int frame) {
        if (!code.get(frame)) return;
        code.clear(frame);
        changed.accept(frame);
    }

    private void written(long address, long length) {
        for (long a = address & -Vpte.PAGE_SIZE; a < address + length; a += Vpte.PAGE_SIZE) {
            written((int) (a >>> Vpte.PAGE_SHIFT));
        }
    }
}
