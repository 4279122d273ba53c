package vkernel.guest.net;

import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.net.Datagram;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.Message;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/**
 * UDP, and UDP-Lite, which is UDP with ports of its own and a sum over less of the message (RFC 3828; Linux:
 * net/ipv4/udp.c, udplite.c). What has no room at its receiver is dropped.
 */
final class Udp extends InetProtocol {
    /** Most bytes of a message: what IPv4's length leaves behind two headers. */
    private static final int MOST = 65_507;
    /** 127.255.255.255. */
    private static final int LOOPBACK_BROADCAST = 0x7fff_ffff;

    /** Keys of {@link Socket#options}: level and name. */
    private static final int IP_RECVERR = 11, IP_TTL = 2, IP_TOS = 1;

    private static final int IPV6_UNICAST_HOPS = 41 << 16 | 16, IPV6_TCLASS = 41 << 16 | 67;
    private static final int HOPS = 64;

    private final Rings rings;
    private final Messages messages;
    private final Tap tap;

    Udp(Tables tables, Ports ports, Routes routes, Rings rings, Messages messages, Tap tap) {
        super(tables, ports, routes);
        this.rings = rings;
        this.messages = messages;
        this.tap = tap;
    }

    @Override
    public long connect(Task task, OpenFile file, Socket socket, SocketAddress address) {
        InetSocket self = (InetSocket) socket;
        if (address instanceof SocketAddress.None none && none.family() == Socket.AF_UNSPEC) {
            disconnect(self);
            return 0;
        }
        Result<SocketAddress.Inet> wanted = address(self, address);
        if (!wanted.ok()) {
            return wanted.error();
        }
        IpAddress host = Routes.meant(wanted.value().host());
        long error = reach(self, host);
        if (error == 0 && broadcast(host) && !self.broadcast) {
            error = -Errno.EACCES;
        }
        if (error == 0 && self.localPort == 0) {
            error = ports.take(self, 0);
        }
        if (error != 0) {
            return error;
        }
        if (!self.boundAddress) {
            self.local = routes.source(host);
        }
        self.remote = host;
        self.remotePort = wanted.value().port();
        self.state = State.ESTABLISHED;
        return 0;
    }

    private void disconnect(InetSocket self) {
        self.state = State.CLOSE;
        self.remote = self.any();
        self.remotePort = 0;
        if (!self.boundAddress) {
            self.local = self.any();
        }
        if (!self.boundPort && self.localPort != 0) {
            ports.release(self);
            self.namedPort = 0;
        }
    }

    @Override
    public long send(Task task, Socket socket, Message message, boolean waits) {
        InetSocket self = (InetSocket) socket;
        if (message.has(Message.OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        if (message.data().remaining() > MOST) {
            return -Errno.EMSGSIZE;
        }
        IpAddress host = self.remote;
        int port = self.remotePort;
        boolean none = message.address instanceof SocketAddress.None some && some.family() == Socket.AF_UNSPEC;
        if (message.address != null && !none) {
            Result<SocketAddress.Inet> wanted = address(self, message.address);
            if (!wanted.ok()) {
                return wanted.error();
            }
            host = Routes.meant(wanted.value().host());
            port = wanted.value().port();
            if (port == 0) {
                return -Errno.EINVAL;
            }
        } else if (self.remotePort == 0) {
            return -Errno.EDESTADDRREQ;
        }
        if (self.error != 0) {
            return self.takeError();
        }
        if (self.shut(Socket.SEND)) {
            return -Errno.EPIPE;
        }
        return send(self, host, port, message);
    }

    /** What goes to all: the whole world's address, and that of the loopback network. */
    private static boolean broadcast(IpAddress host) {
        return host.isV4() && (host.v4() == -1 || host.v4() == LOOPBACK_BROADCAST);
    }

    private long send(InetSocket self, IpAddress host, int port, Message message) {
        long error = reach(self, host);
        if (error == 0 && broadcast(host) && !self.broadcast) {
            error = -Errno.EACCES;
        }
        if (error == 0 && self.localPort == 0) {
            error = ports.take(self, 0);
        }
        if (error != 0) {
            return error;
        }
        byte[] bytes = Messages.bytes(message);
        if (bytes == null) {
            return -Errno.EFAULT;
        }
        Gateway gateway = routes.local(host) ? null : kernel.gateway().orNull();
        IpAddress from = self.local.isAny() ? routes.source(host) : self.local;
        boolean lite = self.protocol == InetSocket.UDPLITE;
        if (lite && gateway != null) {
            return bytes.length; // nobody outside is known to speak it
        }
        if (!lite) {
            tap.message(from, self.localPort, host, port, bytes);
        }
        if (gateway != null) {
            self.outside = 1;
            gateway.send(self, host, port, bytes);
            return bytes.length;
        }
        InetSocket to = ports.receiver(host, port, from, self.localPort, lite);
        routes.passed(bytes.length);
        if (to == null) {
            tap.unreachable(from, self.localPort, host, port, bytes);
            unreachable(self, host, port);
        } else {
            boolean v4 = host.isV4();
            int hops = header(self, message.hops, v4 ? IP_TTL : IPV6_UNICAST_HOPS, HOPS);
            int trafficClass = header(self, message.trafficClass, v4 ? IP_TOS : IPV6_TCLASS, 0);
            deliver(to, bytes, from, self.localPort, host, hops, trafficClass);
        }
        return bytes.length;
    }

    /** What a header says: as the message asks for, else the socket, else everybody. */
    private static int header(InetSocket self, int asked, int option, int usual) {
        int value = asked >= 0 ? asked : self.options.getOrDefault(option, -1);
        return value >= 0 ? value : usual;
    }

    /** The news that nobody has the port: told to a socket that is connected there, or asks for all such news. */
    private void unreachable(InetSocket self, IpAddress host, int port) {
        boolean peer = self.remotePort == port && self.remote.equals(host);
        if (peer || self.options.getOrDefault(IP_RECVERR, 0) != 0) {
            self.error = Errno.ECONNREFUSED;
            news(self);
        }
    }

    /** A message from outside, unless the socket hears of others only. */
    void bring(InetSocket to, IpAddress from, int port, byte[] bytes) {
        IpAddress self = to.local.isAny() ? routes.source(from) : to.local;
        tap.message(from, port, self, to.localPort, bytes);
        boolean meant = to.remotePort == 0 || to.remotePort == port && to.remote.equals(from);
        if (meant && !to.dead) {
            deliver(to, bytes, from, port, to.local, HOPS, 0);
        }
    }

    /** @return whether somebody has the port */
    boolean bring(IpAddress from, int fromPort, IpAddress host, int port, byte[] bytes) {
        tap.message(from, fromPort, host, port, bytes);
        InetSocket to = ports.receiver(host, port, from, fromPort, false);
        if (to == null) {
            tap.unreachable(from, fromPort, host, port, bytes);
            return false;
        }
        deliver(to, bytes, from, fromPort, host, HOPS, 0);
        return true;
    }

    private void deliver(
            InetSocket to, byte[] bytes, IpAddress from, int port, IpAddress host, int hops, int trafficClass) {
        if (to.queued + bytes.length + Datagram.OVERHEAD > to.receiveBuffer || !rings.memoryLeft()) {
            tables.counters.dropped++;
            return;
        }
        SocketAddress sender = named(to, from, port);
        SocketAddress meant = named(to, host, to.localPort);
        long now = kernel.realtime();
        messages.deliver(to, new Datagram(bytes, sender, meant, null, null, hops, trafficClass, now));
    }

    @Override
    public long receive(Task task, Socket socket, Message message, boolean waits) {
        if (message.has(Message.ERRQUEUE)) {
            return -Errno.EAGAIN;
        }
        return message.has(Message.OOB) ? -Errno.EOPNOTSUPP : messages.receive(task, socket, message, waits);
    }

    @Override
    public long shutdown(Socket socket, int how) {
        socket.shutdown |= how;
        news(socket);
        return socket.state == State.CLOSE ? -Errno.ENOTCONN : 0;
    }

    /** datagram_poll(). */
    @Override
    public int poll(Socket socket) {
        int events = socket.error != 0 ? Mode.POLLERR : 0;
        events |= socket.shutdown == Socket.BOTH ? Mode.POLLHUP : 0;
        events |= socket.shut(Socket.RECEIVE) ? Mode.POLLRDHUP : 0;
        return events | in(!socket.messages.isEmpty() || socket.shut(Socket.RECEIVE)) | out(true);
    }

    @Override
    public void close(Socket socket) {
        InetSocket self = (InetSocket) socket;
        self.dead = true;
        Gateway gateway = kernel.gateway().orNull();
        if (self.outside != 0 && gateway != null) {
            gateway.forget(self);
        }
        messages.purge(self);
        if (self.localPort != 0) {
            ports.release(self);
        }
        tables.sockets.remove(self);
    }
}
