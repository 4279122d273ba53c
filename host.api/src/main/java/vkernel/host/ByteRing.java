package vkernel.host;

/** A bounded queue of bytes. Guarded by its owner's lock. */
final class ByteRing {
    private final byte[] data;
    private int first;
    private int size;

    ByteRing(int capacity) {
        data = new byte[capacity];
    }

    int size() {
        return size;
    }

    boolean full() {
        return size == data.length;
    }

    /** Appends what there is room for. @return how much */
    int put(byte[] from, int offset, int length) {
        int count = Math.min(length, data.length - size);
        int at = (first + size) % data.length;
        int straight = Math.min(count, data.length - at);
        System.arraycopy(from, offset, data, at, straight);
        System.arraycopy(from, offset + straight, data, 0, count - straight);
        size += count;
        return count;
    }

    /** Takes what there is. @return how much */
    int take(byte[] to, int offset, int length) {
        int count = Math.min(length, size);
        int straight = Math.min(count, data.length - first);
        System.arraycopy(data, first, to, offset, straight);
        System.arraycopy(data, 0, to, offset + straight, count - straight);
        first = (first + count) % data.length;
        size -= count;
        return count;
    }
}
