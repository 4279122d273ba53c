package vkernel.dev;

/** A bounded queue of bytes. */
public final class ByteRing {
    private final byte[] bytes;
    private int head;
    private int count;

    /** @param capacity bytes, a power of two */
    public ByteRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(capacity + " is not a power of two");
        }
        bytes = new byte[capacity];
    }

    public int count() {
        return count;
    }

    public int room() {
        return bytes.length - count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** @return false when it is full */
    public boolean add(byte b) {
        if (count == bytes.length) {
            return false;
        }
        bytes[(head + count++) & (bytes.length - 1)] = b;
        return true;
    }

    /** The i-th byte from the front. */
    public byte peek(int i) {
        return bytes[(head + i) & (bytes.length - 1)];
    }

    /** Takes the first byte of a ring that is not empty. */
    public byte take() {
        byte b = bytes[head];
        head = (head + 1) & (bytes.length - 1);
        count--;
        return b;
    }

    /** Takes the last byte of a ring that is not empty. */
    public byte takeLast() {
        return bytes[(head + --count) & (bytes.length - 1)];
    }

    /** Takes the first bytes. @return how many */
    public int take(byte[] to, int offset, int length) {
        int n = Math.min(length, count);
        for (int i = 0; i < n; i++) {
            to[offset + i] = take();
        }
        return n;
    }

    public void clear() {
        head = 0;
        count = 0;
    }
}
