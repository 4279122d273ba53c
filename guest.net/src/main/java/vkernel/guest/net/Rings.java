package vkernel.guest.net;

import vkernel.fs.IoBuffer;
import vkernel.net.NetCounters;
import vkernel.net.StreamBuffer;

/** Bytes into and out of the rings of streams, within the memory that all sockets share. */
final class Rings {
    /**
     * When all sockets together have this much memory, their rings grow no more (Linux: tcp_mem): whoever has more
     * sockets than that cannot take the kernel's memory with them.
     */
    private static final long BUDGET = 48L << 20;

    private static final int LEAST = 4096;
    /** Largest ring. */
    private static final int MOST = 1 << 20;

    private final NetCounters counters;

    Rings(NetCounters counters) {
        this.counters = counters;
    }

    /** Where user memory faults, bytes are moved in pieces of so many, whole or not at all (Linux: an sk_buff). */
    private static final int PIECE = 32 << 10;

    /** Whether there is room for one more message, or for a ring to grow. */
    boolean memoryLeft() {
        return counters.memory < BUDGET;
    }

    /** Bytes that can be put in. @param limit most bytes in it */
    int room(StreamBuffer ring, int limit) {
        int most = Math.min(limit, MOST);
        if (!memoryLeft()) {
            most = Math.min(most, Math.max(LEAST, ring.buffer.length));
        }
        return Math.max(0, most - ring.count);
    }

    /** Puts bytes in; there is room. @return bytes moved */
    int put(StreamBuffer ring, IoBuffer from, int most) {
        grow(ring, ring.count + most);
        int mask = ring.buffer.length - 1;
        int done = 0;
        while (done < most) {
            int tail = ring.head + ring.count & mask;
            int run = Math.min(most - done, ring.buffer.length - tail);
            int moved = from.get(ring.buffer, tail, run);
            ring.count += moved;
            done += moved;
            if (moved < run) {
                ring.count -= done % PIECE;
                done -= done % PIECE;
                break;
            }
        }
        return done;
    }

    private void grow(StreamBuffer ring, int bytes) {
        if (bytes <= ring.buffer.length) {
            return;
        }
        byte[] larger = new byte[Math.max(LEAST, Integer.highestOneBit(bytes - 1) << 1)];
        int run = Math.min(ring.count, ring.buffer.length - ring.head);
        System.arraycopy(ring.buffer, ring.head, larger, 0, run);
        System.arraycopy(ring.buffer, 0, larger, run, ring.count - run);
        counters.memory += larger.length - ring.buffer.length;
        ring.buffer = larger;
        ring.head = 0;
    }

    /** Takes bytes out, or only looks at them. @return bytes moved */
    int take(StreamBuffer ring, IoBuffer to, int most, boolean peek) {
        int mask = ring.buffer.length - 1;
        int done = 0;
        while (done < most) {
            int at = ring.head + done & mask;
            int run = Math.min(most - done, ring.buffer.length - at);
            int moved = to.put(ring.buffer, at, run);
            done += moved;
            if (moved < run) {
                done -= done % PIECE;
                break;
            }
        }
        if (!peek) {
            drop(ring, done);
        }
        return done;
    }

    /** Puts bytes of an array in; there is room. */
    void put(StreamBuffer ring, byte[] from, int offset, int length) {
        grow(ring, ring.count + length);
        int tail = ring.head + ring.count & ring.buffer.length - 1;
        int run = Math.min(length, ring.buffer.length - tail);
        System.arraycopy(from, offset, ring.buffer, tail, run);
        System.arraycopy(from, offset + run, ring.buffer, 0, length - run);
        ring.count += length;
    }

    /** Copies the first bytes, which stay. @return how many */
    int copy(StreamBuffer ring, byte[] to) {
        int n = Math.min(ring.count, to.length);
        int run = Math.min(n, ring.buffer.length - ring.head);
        System.arraycopy(ring.buffer, ring.head, to, 0, run);
        System.arraycopy(ring.buffer, 0, to, run, n - run);
        return n;
    }

    /** Copies the last bytes. */
    static byte[] last(StreamBuffer ring, int bytes) {
        byte[] last = new byte[bytes];
        int at = ring.head + ring.count - bytes & ring.buffer.length - 1;
        int run = Math.min(bytes, ring.buffer.length - at);
        System.arraycopy(ring.buffer, at, last, 0, run);
        System.arraycopy(ring.buffer, 0, last, run, bytes - run);
        return last;
    }

    /** Forgets the first bytes. */
    void drop(StreamBuffer ring, int bytes) {
        ring.count -= bytes;
        ring.taken += bytes;
        ring.head = ring.count == 0 ? 0 : ring.head + bytes & ring.buffer.length - 1;
        if (ring.count == 0 && counters.memory > BUDGET / 2) {
            free(ring);
        }
    }

    /** Gives up a ring with what is in it. */
    void free(StreamBuffer ring) {
        counters.memory -= ring.buffer.length;
        ring.buffer = new byte[0];
        ring.taken += ring.count;
        ring.count = 0;
        ring.head = 0;
    }
}
