package vkernel.drivers.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import vkernel.net.IpAddress;

/** Which address inside stands for which outside. */
final class Plan {
    static final IpAddress SELF = IpAddress.v4(0x0a00_020f);
    static final IpAddress HOST = IpAddress.v4(0x0a00_0202);
    static final IpAddress NAMES = IpAddress.v4(0x0a00_0203);
    static final int PREFIX = 24;
    private static final int NET = 0x0a00_0200;
    static final int DOMAIN = 53;

    private final @Nullable InetSocketAddress nameServer;

    /** @param nameServers whom the host asks; the first is used */
    Plan(List<InetSocketAddress> nameServers) {
        nameServer = nameServers.isEmpty() ? null : nameServers.getFirst();
    }

    /** Where an address leads; empty for one that nobody has. */
    Optional<InetSocketAddress> out(IpAddress host, int port) {
        if (host.equals(HOST)) {
            return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
        if (host.equals(NAMES)) {
            return port == DOMAIN ? Optional.ofNullable(nameServer) : Optional.empty();
        }
        boolean neighbour = host.isV4() && (host.v4() & -1 << 32 - PREFIX) == NET;
        return neighbour || !host.isV4() ? Optional.empty() : Optional.of(address(host, port));
    }

    private static InetSocketAddress address(IpAddress host, int port) {
        try {
            byte[] bytes = ByteBuffer.allocate(4).putInt(host.v4()).array();
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** From which port somebody speaks, as it is seen inside. */
    int port(InetSocketAddress from) {
        return from.equals(nameServer) ? DOMAIN : from.getPort();
    }

    /** Who speaks, as it is seen inside. */
    IpAddress in(InetSocketAddress from) {
        if (from.equals(nameServer)) {
            return NAMES;
        }
        byte[] bytes = from.getAddress().getAddress();
        boolean loopback = from.getAddress().isLoopbackAddress() || bytes.length != 4;
        return loopback ? HOST : IpAddress.v4(ByteBuffer.wrap(bytes).getInt());
    }
}
