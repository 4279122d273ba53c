package vkernel.guest.net;

import vkernel.fs.Mode;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.SocketAddress;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** What TCP and UDP do alike: addresses (Linux: net/ipv4/af_inet.c, net/ipv6/af_inet6.c). */
abstract sealed class InetProtocol implements Protocol permits Tcp, Udp {
    private static final int FIRST_FREE_PORT = 1024;
    private static final int IP_FREEBIND = 15;

    final Kernel kernel;
    final Tables tables;
    final Ports ports;
    final Routes routes;

    InetProtocol(Tables tables, Ports ports, Routes routes) {
        this.tables = tables;
        kernel = tables.kernel;
        this.ports = ports;
        this.routes = routes;
    }

    @Override
    public long bind(Task task, Socket socket, SocketAddress address) {
        InetSocket self = (InetSocket) socket;
        Result<SocketAddress.Inet> wanted = address(self, address);
        if (!wanted.ok()) {
            return wanted.error();
        }
        SocketAddress.Inet inet = wanted.value();
        if (inet.family() != self.family) {
            return -Errno.EAFNOSUPPORT;
        }
        IpAddress host = inet.host();
        if (host.isV4() && self.family == Socket.AF_INET6 && self.v6only) {
            return -Errno.EINVAL;
        }
        boolean free = self.options.getOrDefault(IP_FREEBIND, 0) != 0;
        if (!host.isAny() && !routes.local(host) && !free && (self.tcp() || !host.isMulticast())) {
            return -Errno.EADDRNOTAVAIL;
        }
        boolean low = inet.port() > 0 && inet.port() < FIRST_FREE_PORT;
        if (low && !task.credentials.can(Credentials.CAP_NET_BIND_SERVICE)) {
            return -Errno.EACCES;
        }
        if (self.state != State.CLOSE || self.localPort != 0) {
            return -Errno.EINVAL;
        }
        self.local = host;
        long error = ports.take(self, inet.port());
        if (error != 0) {
            self.local = self.any();
            return error;
        }
        self.boundAddress = !host.isAny();
        self.boundPort = inet.port() != 0;
        return 0;
    }

    /** An address as this family has it. @return -EAFNOSUPPORT */
    static Result<SocketAddress.Inet> address(InetSocket self, SocketAddress address) {
        return address instanceof SocketAddress.Inet inet
                        && (self.family == Socket.AF_INET6 || inet.host().isV4())
                ? Result.of(inet)
                : Result.error(-Errno.EAFNOSUPPORT);
    }

    /** Whether there is a way from a socket to an address. @return 0, -ENETUNREACH, -EADDRNOTAVAIL */
    final long reach(InetSocket self, IpAddress host) {
        if (host.isV4() && self.family == Socket.AF_INET6 && self.v6only) {
            return -Errno.ENETUNREACH;
        }
        if (!self.local.isAny() && self.local.isV4() != host.isV4()) {
            return self.local.isV4() ? -Errno.ENETUNREACH : -Errno.EINVAL;
        }
        return routes.local(host) || routes.outside(host) ? 0 : -Errno.ENETUNREACH;
    }

    final SocketAddress.Inet named(InetSocket socket, IpAddress host, int port) {
        return new SocketAddress.Inet(socket.family, host, port, 0);
    }

    @Override
    public SocketAddress name(Socket socket) {
        InetSocket self = (InetSocket) socket;
        return named(self, self.local, self.namedPort);
    }

    @Override
    public Result<SocketAddress> peerName(Socket socket) {
        InetSocket self = (InetSocket) socket;
        boolean none = self.remotePort == 0 || self.state == State.CLOSE || self.state == State.SYN_SENT;
        return none ? Result.error(-Errno.ENOTCONN) : Result.of(named(self, self.remote, self.remotePort));
    }

    @Override
    public Result<SocketAddress> caller(Socket accepted) {
        InetSocket self = (InetSocket) accepted;
        return Result.of(named(self, self.remote, self.remotePort));
    }

    final void news(Socket socket) {
        kernel.wake(socket.forInput);
        kernel.wake(socket.forOutput);
    }

    static int in(boolean readable) {
        return readable ? Mode.POLLIN | Mode.POLLRDNORM : 0;
    }

    static int out(boolean writable) {
        return writable ? Mode.POLLOUT | Mode.POLLWRNORM : 0;
    }
}
