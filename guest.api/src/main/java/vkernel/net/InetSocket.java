package vkernel.net;

import org.jspecify.annotations.Nullable;

/** A socket of AF_INET or AF_INET6 (ip(7), ipv6(7), tcp(7), udp(7)). IPv4 addresses are v4-mapped. Plain data. */
public final class InetSocket extends Socket {
    public static final int TCP = 6;
    public static final int UDP = 17;

    public IpAddress local = IpAddress.ANY;
    /** 0 for not bound. */
    public int localPort;
    /** bind(2) named an address, or a port, that outlives a disconnect. */
    public boolean boundAddress;

    public boolean boundPort;
    public IpAddress remote = IpAddress.ANY;
    public int remotePort;
    public boolean v6only;

    /** A connect(2) that did not wait is to be asked for its outcome. */
    public boolean connecting;
    /** TCP: the other end. A far end of the host's has no file. */
    public @Nullable InetSocket peer;
    /** Of one that waits to be accepted, and of a connect that waits for room: at whom. */
    public @Nullable InetSocket listener;
    /** The other end is outside this kernel: its number at the {@link Gateway}; 0 for inside. */
    public long outside;
    /** When it began to be TIME_WAIT, or to wait for its peer without a file; monotonic nanoseconds. */
    public long since;

    public long bytesSent;
    public long bytesReceived;

    public InetSocket(int family, int type, int protocol) {
        super(family, type, protocol, type == STREAM ? new StreamBuffer() : null);
    }

    public boolean tcp() {
        return protocol == TCP;
    }
}
