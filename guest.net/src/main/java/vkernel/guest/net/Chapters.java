package vkernel.guest.net;

import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.net.InetSocket;
import vkernel.net.NetlinkSocket;
import vkernel.net.Socket;
import vkernel.net.Ucred;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/** The protocols around one state: made together, given up together. */
final class Chapters {
    final Tables tables;
    final ProcNet procNet;
    private final Protocol unixConnections;
    private final Protocol unixDatagrams;

    Chapters(SocketStack stack, Tables tables) {
        this.tables = tables;
        InFlight inFlight = new InFlight(tables);
        Rings rings = new Rings(tables.counters);
        Streams streams = new Streams(tables.kernel, rings, inFlight);
        Messages messages = new Messages(tables, inFlight, streams);
        UnixNames names = new UnixNames(tables);
        unixConnections = new UnixConnections(tables, names, inFlight, messages, streams);
        unixDatagrams = new UnixDatagrams(tables, names, inFlight, messages, rings);
        procNet = new ProcNet(tables);
        tables.ops.fill(new SocketOps(stack, inFlight, new SocketIoctls(tables.kernel)));
    }

    Protocol of(Socket socket) {
        return switch (socket) {
            case UnixSocket unix -> unix.connected() ? unixConnections : unixDatagrams;
            case InetSocket inet -> throw new IllegalStateException("no TCP, no UDP");
            case NetlinkSocket netlink -> throw new IllegalStateException("no netlink");
        };
    }

    /** A new socket. @return -EAFNOSUPPORT, -EPROTONOSUPPORT, -ESOCKTNOSUPPORT */
    Result<Socket> make(Task task, int family, int type, int protocol) {
        if (type < 0 || type > 10) {
            return Result.error(-Errno.EINVAL);
        }
        Result<Socket> made = family == Socket.AF_UNIX ? unix(type, protocol) : Result.error(-Errno.EAFNOSUPPORT);
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
}
