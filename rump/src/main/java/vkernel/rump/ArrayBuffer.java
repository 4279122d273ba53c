package vkernel.rump;

import vkernel.fs.IoBuffer;

/** A buffer over an array; behind {@code faultAt} bytes it faults as user memory does. */
public final class ArrayBuffer implements IoBuffer {
    private final RumpMemory vm;
    private final byte[] array;
    private final int offset;
    private final int length;
    private final int faultAt;
    private int at;
    private boolean faulted;

    ArrayBuffer(RumpMemory vm, byte[] array, int offset, int length, int faultAt) {
        this.vm = vm;
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.faultAt = faultAt;
    }

    /** A whole array, which does not fault. It can be filled from and copied to other arrays only. */
    public static ArrayBuffer of(byte[] array) {
        return new ArrayBuffer(new RumpMemory(0), array, 0, array.length, array.length);
    }

    private int room(int wanted) {
        int most = Math.min(wanted, length - at);
        if (at + most > faultAt) {
            faulted = true;
            most = faultAt - at;
        }
        return most;
    }

    @Override
    public long remaining() {
        return length - at;
    }

    @Override
    public boolean faulted() {
        return faulted;
    }

    @Override
    public int put(byte[] from, int start, int count) {
        int n = room(count);
        System.arraycopy(from, start, array, offset + at, n);
        at += n;
        return n;
    }

    @Override
    public int put(long ramAddress, int count) {
        return put(vm.frame(ramAddress), (int) ramAddress & RumpMemory.PAGE - 1, count);
    }

    @Override
    public int putZeros(int count) {
        return put(new byte[count], 0, count);
    }

    @Override
    public int get(byte[] to, int start, int count) {
        int n = room(count);
        System.arraycopy(array, offset + at, to, start, n);
        at += n;
        return n;
    }

    @Override
    public int get(long ramAddress, int count) {
        return get(vm.frame(ramAddress), (int) ramAddress & RumpMemory.PAGE - 1, count);
    }

    @Override
    public void back(int bytes) {
        at -= bytes;
    }
}
