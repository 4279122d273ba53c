package vkernel.net;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A socket of AF_INET or AF_INET6 (ip(7), ipv6(7), tcp(7), udp(7)). IPv4 addresses are v4-mapped. Plain data. */
public final class InetSocket extends Socket {
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int UDPLITE = 136;

    /** Bytes of a new socket's buffers (net.ipv4.tcp_wmem, tcp_rmem). */
    private static final int TCP_SEND_BUFFER = 16_384;

    private static final int TCP_RECEIVE_BUFFER = 131_072;

    public IpAddress local;
    /** 0 for not bound. */
    public int localPort;
    /** What getsockname(2) tells: of a TCP socket that was disconnected it is the port that it had. */
    public int namedPort;
    /** bind(2) named an address, or a port, that outlives a disconnect. */
    public boolean boundAddress;

    public boolean boundPort;
    public IpAddress remote;
    public int remotePort;
    public boolean v6only;

    /** A connect(2) that did not wait is to be asked for its outcome. */
    public boolean connecting;
    /** TCP: the other end. A far end of the host's has no file. */
    public @Nullable InetSocket peer;
    /** Of one that waits to be accepted, and of a connect that waits for room: at whom. */
    public @Nullable InetSocket listener;
    /** Connects that wait for room among {@link #pending}. */
    public final ArrayDeque<InetSocket> knocking = new ArrayDeque<>(0);
    /** The other end is outside this kernel: its number at the {@link Gateway}; 0 for inside. */
    public long outside;
    /** When it began to be TIME_WAIT, or to wait for its peer without a file; monotonic nanoseconds. */
    public long since;

    public long bytesSent;
    public long bytesReceived;

    public InetSocket(int family, int type, int protocol) {
        super(family, type, protocol, type == STREAM ? new StreamBuffer() : null);
        local = remote = any();
        if (tcp()) {
            sendBuffer = TCP_SEND_BUFFER;
            receiveBuffer = TCP_RECEIVE_BUFFER;
        }
    }

    /** The address that stands for none. */
    public IpAddress any() {
        return family == AF_INET ? IpAddress.ANY4 : IpAddress.ANY;
    }

    public boolean tcp() {
        return protocol == TCP;
    }
}
