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

    /** Adds bytes as far as there is room. @return how many */
    public int add(byte[] from, int offset, int length) {
        int n = Math.min(length, room());
        int at = (head + count) & (bytes.length - 1);
        int first = Math.min(n, bytes.length - at);
        System.arraycopy(from, offset, bytes, at, first);
        System.arraycopy(from, offset + first, bytes, 0, n - first);
        count += n;
        return n;
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

    /** Copies the first bytes, which stay. @return how many */
    public int peek(byte[] to, int offset, int length) {
        int n = Math.min(length, count);
        int first = Math.min(n, bytes.length - head);
        System.arraycopy(bytes, head, to, offset, first);
        System.arraycopy(bytes, 0, to, offset + first, n - first);
        return n;
    }

    /** Forgets the first bytes of a ring that has as many. */
    public void drop(int n) {
        head = (head + n) & (bytes.length - 1);
        count -= n;
    }

    /** Takes the first bytes. @return how many */
    public int take(byte[] to, int offset, int length) {
        int n = peek(to, offset, length);
        drop(n);
        return n;
    }

    public void clear() {
        head = 0;
        count = 0;
    }
}
