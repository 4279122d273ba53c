package vkernel.guest.net;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.Socket.State;

/** Who has which port (Linux: inet_connection_sock.c inet_csk_get_port, udp.c udp_lib_get_port). */
final class Ports {
    /** net.ipv4.ip_local_port_range. */
    static final int FIRST = 32_768;

    static final int LAST = 60_999;
    /** How long a port is kept for stragglers (TCP_TIMEWAIT_LEN), and when a connect may have it again (tcp_tw_reuse). */
    private static final long WAIT = 60_000_000_000L;

    private static final int LITE = 1 << 16;
    private static final long REUSE = 1_000_000_000L;
    /** Most ports that wait; beyond, the oldest is given up (net.ipv4.tcp_max_tw_buckets). */
    private static final int MOST_WAITING = 8192;

    private final Kernel kernel;
    private final Tables tables;

    Ports(Tables tables) {
        this.tables = tables;
        kernel = tables.kernel;
    }

    private Map<Integer, Set<InetSocket>> of(InetSocket socket) {
        return socket.tcp() ? tables.tcp : tables.udp;
    }

    /** Under what a socket with a port is found: UDP-Lite has ports of its own. */
    private static int key(InetSocket socket, int port) {
        return key(port, socket.protocol == InetSocket.UDPLITE);
    }

    private static int key(int port, boolean lite) {
        return lite ? port | LITE : port;
    }

    /** Whether what is found under a key is of UDP-Lite. */
    static boolean lite(int key) {
        return key >= LITE;
    }

    /** Gives a socket, whose address is set, a port. @param port 0 for any. @return 0, -EADDRINUSE */
    long take(InetSocket socket, int port) {
        forgetOld();
        if (port != 0) {
            if (conflicts(socket, port)) {
                return -Errno.EADDRINUSE;
            }
            put(socket, port);
            return 0;
        }
        int free = free(socket, 1);
        if (free == 0) {
            return -Errno.EADDRINUSE;
        }
        put(socket, free);
        return 0;
    }

    /** A port for a connection that was not bound. @return 0, -EADDRNOTAVAIL */
    long takeForConnect(InetSocket socket) {
        forgetOld();
        int free = free(socket, 0);
        if (free == 0) {
            free = reusable();
        }
        if (free == 0) {
            return -Errno.EADDRNOTAVAIL;
        }
        put(socket, free);
        return 0;
    }

    /** A port that nobody has; Linux gives even ones to connect(2) first and odd ones to bind(2). 0 for none. */
    private int free(InetSocket socket, int parity) {
        byte[] random = new byte[2];
        kernel.random(random);
        int count = LAST - FIRST + 1;
        int start = ((random[0] & 0xff) << 8 | random[1] & 0xff) % (count / 2) * 2;
        for (int turn = 0; turn < 2; turn++) {
            for (int i = 0; i < count; i += 2) {
                int port = FIRST + (start + i + (parity ^ turn)) % count;
                if (!of(socket).containsKey(key(socket, port))) {
                    return port;
                }
            }
        }
        return 0;
    }

    /** A port that has waited a while for stragglers, which on this machine do not come. */
    private int reusable() {
        for (InetSocket socket : tables.waiting) {
            boolean alone = tables.tcp.getOrDefault(socket.localPort, Set.of()).size() == 1;
            if (alone && socket.state == State.TIME_WAIT && kernel.now() - socket.since > REUSE) {
                int port = socket.localPort;
                tables.waiting.remove(socket);
                release(socket);
                return port;
            }
        }
        return 0;
    }

    /** One more socket with a port: also of a connection that was accepted. */
    void put(InetSocket socket, int port) {
        socket.localPort = socket.namedPort = port;
        of(socket)
                .computeIfAbsent(key(socket, port), p -> Collections.newSetFromMap(new IdentityHashMap<>()))
                .add(socket);
    }

    void release(InetSocket socket) {
        Set<InetSocket> there = of(socket).get(key(socket, socket.localPort));
        if (there != null && there.remove(socket) && there.isEmpty()) {
            of(socket).remove(key(socket, socket.localPort));
        }
        socket.localPort = 0;
    }

    /** Whether others keep a socket from a port. */
    boolean conflicts(InetSocket socket, int port) {
        for (InetSocket other : of(socket).getOrDefault(key(socket, port), Set.of())) {
            if (other != socket && overlap(socket, other) && !share(socket, other)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is such a connection already, of another socket that shares the port. */
    boolean connected(InetSocket socket, IpAddress from, IpAddress to, int port) {
        for (InetSocket other : of(socket).getOrDefault(socket.localPort, Set.of())) {
            boolean open = other.state != State.CLOSE && other.state != State.LISTEN && other.state != State.TIME_WAIT;
            boolean same = other.local.equals(from) && other.remote.equals(to) && other.remotePort == port;
            if (other != socket && open && same) {
                return true;
            }
        }
        return false;
    }

    private static boolean share(InetSocket socket, InetSocket other) {
        if (socket.reuseAddress && other.reuseAddress && other.state != State.LISTEN) {
            return true;
        }
        return socket.reusePort && other.reusePort && socket.owner.uid() == other.owner.uid();
    }

    /** Whether a message could be for both. */
    private static boolean overlap(InetSocket a, InetSocket b) {
        boolean v4 = a.local.isV4();
        if (v4 == b.local.isV4()) {
            return a.local.covers(b.local) || b.local.covers(a.local);
        }
        InetSocket six = v4 ? b : a;
        return six.local.isAny() && !six.v6only;
    }

    // --- who answers ------------------------------------------------------------------------------------------------

    /** How well a socket fits an address; 0 for not at all. */
    private static int fits(InetSocket socket, IpAddress host) {
        if (socket.local.equals(host)) {
            return 4;
        }
        if (!socket.local.isAny()) {
            return 0;
        }
        boolean four = socket.local.isV4();
        if (four == host.isV4()) {
            return 3;
        }
        return four || socket.v6only ? 0 : 2;
    }

    /** Ports that are near each other, and of one parity, far apart. */
    private static int spread(int port) {
        return port * 0x9e37_79b1 >>> 8;
    }

    /** Who listens at an address; null for nobody. @param from the port of whoever asks: spreads SO_REUSEPORT */
    @Nullable
    InetSocket listener(IpAddress host, int port, int from) {
        List<InetSocket> all = tables.listeners.getOrDefault(port, List.of());
        InetSocket best = null;
        int bestFit = 0;
        int alike = 0;
        for (InetSocket each : all) {
            int fit = fits(each, host);
            if (fit > bestFit) {
                best = each;
                bestFit = fit;
                alike = 1;
            } else if (fit == bestFit && fit > 0 && each.reusePort && spread(from) % ++alike == 0) {
                best = each;
            }
        }
        return best;
    }

    /** Who receives a message; null for nobody. One that is connected to the sender comes before others. */
    @Nullable
    InetSocket receiver(IpAddress host, int port, IpAddress from, int fromPort, boolean lite) {
        InetSocket best = null;
        int bestFit = 0;
        int alike = 0;
        for (InetSocket each : tables.udp.getOrDefault(key(port, lite), Set.of())) {
            int fit = fits(each, host);
            if (fit > 0 && each.remotePort != 0) {
                fit = each.remotePort == fromPort && each.remote.equals(from) ? fit + 8 : 0;
            }
            if (fit > bestFit) {
                best = each;
                bestFit = fit;
                alike = 1;
            } else if (fit == bestFit && fit > 0 && each.reusePort && spread(fromPort) % ++alike == 0) {
                best = each;
            }
        }
        return best;
    }

    // --- ports that wait --------------------------------------------------------------------------------------------

    /** Keeps the port of a connection that is over, or whose peer has not closed yet. */
    void keep(InetSocket socket, State state) {
        tables.waiting.remove(socket);
        socket.state = state;
        socket.since = kernel.now();
        tables.waiting.add(socket);
        if (tables.waiting.size() > MOST_WAITING) {
            release(tables.waiting.removeFirst());
        }
    }

    /** A port waits no more. */
    void forget(InetSocket socket) {
        tables.waiting.remove(socket);
        release(socket);
    }

    private void forgetOld() {
        long now = kernel.now();
        while (!tables.waiting.isEmpty() && now - tables.waiting.getFirst().since > WAIT) {
            release(tables.waiting.removeFirst());
        }
    }
}
