package vkernel.net;

import java.util.ArrayDeque;

/** Bytes under way to a stream's receiver. Plain data. */
public final class StreamBuffer {
    /** Ring buffer; its length is 0 or a power of two. */
    public byte[] buffer = {};
    /** Index of the first byte. */
    public int head;
    /** Bytes in it. */
    public int count;
    /** Bytes that were ever taken out: the position of the first byte in the stream. */
    public long taken;
    /** What goes with some of the bytes, in their order. */
    public final ArrayDeque<Mark> marks = new ArrayDeque<>(0);

    /** @param start position of its first byte in the stream @param end position behind its last */
    public record Mark(long start, long end, Ancillary with) {}
}
