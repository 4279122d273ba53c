package vkernel.guest.net;

import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.net.InetSocket;
import vkernel.net.NetlinkSocket;
import vkernel.net.Socket;
import vkernel.net.Ucred;
import vkernel.net.UnixSocket;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** The protocols around one state: made together, given up together. */
final class Chapters {
    final Tables tables;
    final ProcNet procNet;
    private final Protocol unixConnections;
    private final Protocol unixDatagrams;
    private final Protocol tcp;
    final Udp udp;
    private final Protocol netlink;
    final Handshake handshake;
    final Routes routes;
    final Uplink uplink;

    Chapters(SocketStack stack, Tables tables) {
        this.tables = tables;
        InFlight inFlight = new InFlight(tables);
        Rings rings = new Rings(tables.counters);
        News news = new News(tables.kernel);
        routes = new Routes(tables.kernel, tables.counters);
        Tap tap = new Tap(tables, routes);
        Streams streams = new Streams(tables.kernel, rings, inFlight, news, tap);
        Messages messages = new Messages(tables, inFlight, streams);
        UnixNames names = new UnixNames(tables);
        unixConnections = new UnixConnections(tables, names, inFlight, messages, streams);
        unixDatagrams = new UnixDatagrams(tables, names, inFlight, messages, rings);
        Ports ports = new Ports(tables);
        handshake = new Handshake(tables, ports, news, tap);
        tcp = new Tcp(tables, ports, routes, streams, handshake);
        udp = new Udp(tables, ports, routes, rings, messages, tap);
        uplink = new Uplink(handshake, streams, rings, news, tap);
        netlink = new Netlink(tables, messages, new RouteMessages(routes));
        procNet = new ProcNet(tables, routes);
        tables.ops.fill(new SocketOps(stack, inFlight, new SocketIoctls(tables.kernel, routes)));
    }

    Protocol of(Socket socket) {
        return switch (socket) {
            case UnixSocket unix -> unix.connected() ? unixConnections : unixDatagrams;
            case InetSocket inet -> inet.tcp() ? tcp : udp;
            case NetlinkSocket any -> netlink;
        };
    }

    /** A new socket. @return -EAFNOSUPPORT, -EPROTONOSUPPORT, -ESOCKTNOSUPPORT */
    Result<Socket> make(Task task, int family, int type, int protocol) {
        if (type < 0 || type > 10) {
            return Result.error(-Errno.EINVAL);
        }
        Result<Socket> made = switch (family) {
            case Socket.AF_UNIX -> unix(type, protocol);
            case Socket.AF_INET, Socket.AF_INET6 -> inet(task, family, type, protocol);
            case Socket.AF_NETLINK -> netlink(type, protocol);
            default -> Result.error(-Errno.EAFNOSUPPORT);
        };
        if (made.ok()) {
            made.value().owner = Ucred.of(task);
            tables.sockets.add(made.value());
        }
        return made;
    }

    private static Result<Socket> unix(int type, int protocol) {
        if (protocol != 0 && protocol != Socket.AF_UNIX) {
            return Result.error(-Errno.EPROTONOSUPPORT);
        }
        return switch (type) {
            case Socket.STREAM, Socket.DGRAM, Socket.SEQPACKET -> Result.of(new UnixSocket(type));
            case Socket.RAW -> Result.of(new UnixSocket(Socket.DGRAM));
            default -> Result.error(-Errno.ESOCKTNOSUPPORT);
        };
    }

    /** Raw sockets are for who may make them, and there are none. */
    private static Result<Socket> inet(Task task, int family, int type, int protocol) {
        if (protocol < 0 || protocol > 255) {
            return Result.error(-Errno.EINVAL);
        }
        return switch (type) {
            case Socket.STREAM -> inet(family, type, protocol, InetSocket.TCP);
            case Socket.DGRAM ->
                inet(family, type, protocol, protocol == InetSocket.UDPLITE ? InetSocket.UDPLITE : InetSocket.UDP);
            case Socket.RAW ->
                Result.error(task.credentials.can(Credentials.CAP_NET_RAW) ? -Errno.EPROTONOSUPPORT : -Errno.EPERM);
            default -> Result.error(-Errno.ESOCKTNOSUPPORT);
        };
    }

    private static Result<Socket> inet(int family, int type, int protocol, int only) {
        return protocol == 0 || protocol == only
                ? Result.of(new InetSocket(family, type, only))
                : Result.error(-Errno.EPROTONOSUPPORT);
    }

    private static Result<Socket> netlink(int type, int protocol) {
        if (type != Socket.RAW && type != Socket.DGRAM) {
            return Result.error(-Errno.ESOCKTNOSUPPORT);
        }
        return protocol == NetlinkSocket.ROUTE
                ? Result.of(new NetlinkSocket(type, protocol))
                : Result.error(-Errno.EPROTONOSUPPORT);
    }
}
