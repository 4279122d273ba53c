package vkernel.net;

import org.jspecify.annotations.Nullable;

/**
 * A message to be received.
 *
 * @param from whose it is; null for a Unix socket without a name
 * @param to where it was sent to; null where that is not asked for
 * @param sender whose buffer it counts against until it is received; null for none
 * @param hops how many hops it may still pass; -1 where there are none
 * @param trafficClass how it is to be treated on its way; -1 where that is not known
 * @param time when it came, nanoseconds since 1970
 */
public record Datagram(
        byte[] bytes,
        @Nullable SocketAddress from,
        @Nullable SocketAddress to,
        @Nullable Ancillary with,
        @Nullable Socket sender,
        int hops,
        int trafficClass,
        long time) {
    /** What a message costs beside its bytes (Linux: sizeof(struct sk_buff) and what goes with it). */
    public static final int OVERHEAD = 576;

    /** What it counts in buffers. */
    public int cost() {
        return bytes.length + OVERHEAD;
    }
}
