package vkernel.guest.vm;

import java.util.Arrays;
import java.util.Objects;
import vkernel.fs.IoBuffer;
import vkernel.host.Ram;

/** A kernel array as a buffer. */
final class ArrayBuffer implements IoBuffer {
    private final Ram ram;
    private final byte[] array;
    private final int end;
    private int at;

    ArrayBuffer(Ram ram, byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        this.ram = ram;
        this.array = array;
        this.at = offset;
        this.end = offset + length;
    }

    @Override
    public long remaining() {
        return end - at;
    }

    @Override
    public boolean faulted() {
        return false;
    }

    private int room(int length) {
        return Math.max(0, Math.min(length, end - at));
    }

    @Override
    public int put(byte[] from, int offset, int length) {
        int n = room(length);
        System.arraycopy(from, offset, array, at, n);
        at += n;
        return n;
    }

    @Override
    public int put(long ramAddress, int length) {
        int n = room(length);
        ram.read(ramAddress, array, at, n);
        at += n;
        return n;
    }

    @Override
    public int putZeros(int length) {
        int n = room(length);
        Arrays.fill(array, at, at + n, (byte) 0);
        at += n;
        return n;
    }

    @Override
    public int get(byte[] to, int offset, int length) {
        int n = room(length);
        System.arraycopy(array, at, to, offset, n);
        at += n;
        return n;
    }

    @Override
    public int get(long ramAddress, int length) {
        int n = room(length);
        ram.write(ramAddress, array, at, n);
        at += n;
        return n;
    }

    @Override
    public void back(int bytes) {
        at -= bytes;
    }
}
