package vkernel.boot.client;

import java.util.Arrays;

/** Memory that a call writes into: an argument of {@link Guest#call}. The bytes of before are there when it begins. */
public final class Into {
    private final byte[] bytes;

    public Into(int length) {
        this(new byte[length]);
    }

    /** @param bytes kept, and written into */
    public Into(byte[] bytes) {
        this.bytes = bytes;
    }

    /** All of it. */
    public byte[] bytes() {
        return bytes;
    }

    /** The first so many. */
    public byte[] first(long count) {
        return Arrays.copyOf(bytes, (int) count);
    }
}
