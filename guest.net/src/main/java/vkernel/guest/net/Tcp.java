package vkernel.guest.net;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.Message;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/** TCP as programs see it (Linux: net/ipv4/tcp.c, af_inet.c inet_stream_connect). How ends meet is {@link Handshake}. */
final class Tcp extends InetProtocol {
    /** TCP_SYNCNT in {@link Socket#options}, which says how often a connect tries again; else as often as this. */
    private static final int SYN_RETRIES_OPTION = InetSocket.TCP << 16 | 7;

    private static final int SYN_RETRIES = 6;
    /** So often it tries again after a second each (net.ipv4.tcp_syn_linear_timeouts), then after twice as long. */
    private static final long LINEAR = 4;

    private static final long SECOND = 1_000_000_000L;

    private final Streams streams;
    private final Sleep sleep;
    private final Handshake handshake;

    Tcp(Tables tables, Ports ports, Routes routes, Streams streams, Handshake handshake) {
        super(tables, ports, routes);
        this.streams = streams;
        sleep = new Sleep(kernel);
        this.handshake = handshake;
    }

    @Override
    public long listen(Task task, Socket socket, int backlog) {
        InetSocket self = (InetSocket) socket;
        if (self.state == State.LISTEN) {
            self.backlog = backlog;
            handshake.letIn(self);
            return 0;
        }
        if (self.state != State.CLOSE || self.connecting) {
            return -Errno.EINVAL;
        }
        long error = self.localPort == 0 ? ports.take(self, 0) : 0;
        if (error != 0) {
            return error;
        }
        self.state = State.LISTEN;
        if (ports.conflicts(self, self.localPort)) {
            self.state = State.CLOSE;
            return -Errno.EADDRINUSE;
        }
        self.backlog = backlog;
        self.shutdown = 0;
        handshake.listen(self);
        return 0;
    }

    // --- connect ----------------------------------------------------------------------------------------------------

    @Override
    public long connect(Task task, OpenFile file, Socket socket, SocketAddress address) {
        InetSocket self = (InetSocket) socket;
        if (address instanceof SocketAddress.None none && none.family() == Socket.AF_UNSPEC) {
            disconnect(self);
            return 0;
        }
        long begun = -Errno.EALREADY;
        if (!self.connecting) {
            if (self.state != State.CLOSE) {
                return -Errno.EISCONN;
            }
            long error = begin(self, address);
            if (error != 0) {
                return error;
            }
            begun = -Errno.EINPROGRESS;
            if (file.nonblocking()) {
                return begun;
            }
        }
        if (self.state == State.SYN_SENT) {
            boolean limited = self.sendTimeout > 0;
            long late = limited ? begun : -Errno.ETIMEDOUT;
            return file.nonblocking()
                    ? begun
                    : waited(
                            self, sleep.until(task, self.forOutput, limited ? self.sendTimeout : patience(self), late));
        }
        return ended(self);
    }

    /** How long a connect tries, nanoseconds. */
    private static long patience(InetSocket self) {
        int retries = self.options.getOrDefault(SYN_RETRIES_OPTION, SYN_RETRIES);
        return (LINEAR + (2L << Math.min(retries, 20)) - 1) * SECOND;
    }

    private long waited(InetSocket self, long result) {
        if (result == -Errno.ETIMEDOUT) {
            disconnect(self);
        }
        return result;
    }

    /** The outcome of a connect that is over. */
    private long ended(InetSocket self) {
        self.connecting = false;
        if (self.state != State.CLOSE) {
            return 0;
        }
        long error = self.takeError();
        disconnect(self);
        return error != 0 ? error : -Errno.ECONNABORTED;
    }

    private long begin(InetSocket self, SocketAddress address) {
        Result<SocketAddress.Inet> wanted = address(self, address);
        if (!wanted.ok()) {
            return wanted.error();
        }
        IpAddress host = Routes.meant(wanted.value().host());
        long error = reach(self, host);
        if (error != 0) {
            return error;
        }
        if (self.localPort == 0) {
            error = ports.takeForConnect(self);
            if (error != 0) {
                return error;
            }
        }
        IpAddress from = self.local.isAny() ? routes.source(host) : self.local;
        if (ports.connected(self, from, host, wanted.value().port())) {
            return -Errno.EADDRNOTAVAIL;
        }
        self.local = from;
        self.remote = host;
        self.remotePort = wanted.value().port();
        self.shutdown = 0;
        self.error = 0;
        self.connecting = true;
        Gateway gateway = routes.local(host) ? null : kernel.gateway().orNull();
        if (gateway == null) {
            handshake.connect(self);
        } else {
            handshake.leave(self, gateway);
        }
        return 0;
    }

    /** Back to the beginning (tcp_disconnect()): what bind(2) gave stays. */
    private void disconnect(InetSocket self) {
        if (self.state == State.LISTEN) {
            handshake.unlisten(self);
        } else if (self.listener != null) {
            self.listener.knocking.remove(self);
            self.listener = null;
        }
        InetSocket peer = self.peer;
        if (peer != null) {
            handshake.reset(peer);
            self.peer = null;
        }
        self.state = State.CLOSE;
        self.shutdown = 0;
        self.connecting = false;
        self.error = 0;
        self.remotePort = 0;
        self.remote = self.any();
        streams.free(self.stream());
        if (!self.boundAddress) {
            self.local = self.any();
        }
        if (!self.boundPort && self.localPort != 0) {
            ports.release(self);
        }
        news(self);
    }

    @Override
    public Result<Socket> accept(Task task, OpenFile file, Socket socket) {
        InetSocket listener = (InetSocket) socket;
        if (listener.state != State.LISTEN) {
            return Result.error(-Errno.EINVAL);
        }
        InetSocket next = (InetSocket) listener.pending.poll();
        if (next == null) {
            return Result.error(sleep.on(task, listener.forInput, !file.nonblocking(), listener.receiveTimeout));
        }
        next.listener = null;
        handshake.letIn(listener);
        return Result.of(next);
    }

    // --- bytes ------------------------------------------------------------------------------------------------------

    @Override
    public long send(Task task, Socket socket, Message message, boolean waits) {
        InetSocket self = (InetSocket) socket;
        if (message.has(Message.OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        if (self.error != 0) {
            return self.takeError();
        }
        if (self.state == State.SYN_SENT) {
            return sleep.on(task, self.forOutput, waits, self.sendTimeout);
        }
        InetSocket peer = self.peer;
        if (self.shut(Socket.SEND) || peer == null) {
            return -Errno.EPIPE;
        }
        if (message.data().remaining() == 0) {
            return 0;
        }
        if (peer.dead) { // what arrives where nobody is comes back as a reset
            handshake.reset(self);
            return Streams.swallow(message);
        }
        long n = streams.put(task, self, peer, message, waits, null);
        if (n > 0) {
            self.bytesSent += n;
            peer.bytesReceived += n;
            routes.passed(n);
        }
        return n;
    }

    @Override
    public long receive(Task task, Socket socket, Message message, boolean waits) {
        if (message.has(Message.OOB)) {
            return -Errno.EINVAL;
        }
        if (message.has(Message.ERRQUEUE)) {
            return -Errno.EAGAIN;
        }
        boolean never = socket.state == State.CLOSE && socket.shutdown == 0 && socket.error == 0;
        if (socket.state == State.LISTEN || never && socket.stream().count == 0) {
            return -Errno.ENOTCONN;
        }
        return streams.receive(task, socket, message, waits);
    }

    @Override
    public long shutdown(Socket socket, int how) {
        InetSocket self = (InetSocket) socket;
        switch (self.state) {
            case LISTEN, SYN_SENT -> {
                if (self.state == State.SYN_SENT || (how & Socket.RECEIVE) != 0) {
                    disconnect(self);
                }
                return 0;
            }
            case CLOSE -> {
                self.shutdown |= how;
                news(self);
                return -Errno.ENOTCONN;
            }
            default -> {
                boolean sent = self.shut(Socket.SEND);
                self.shutdown |= how;
                if (!sent && (how & Socket.SEND) != 0) {
                    handshake.fin(self);
                }
                news(self);
                return 0;
            }
        }
    }

    /** tcp_poll(). */
    @Override
    public int poll(Socket socket) {
        InetSocket self = (InetSocket) socket;
        if (self.state == State.LISTEN) {
            return in(!self.pending.isEmpty());
        }
        int events = self.error != 0 ? Mode.POLLERR : 0;
        if (self.shutdown == Socket.BOTH || self.state == State.CLOSE) {
            events |= Mode.POLLHUP;
        }
        if (self.shut(Socket.RECEIVE)) {
            events |= Mode.POLLRDHUP | in(true);
        }
        if (self.state != State.SYN_SENT) {
            events |= in(
                    self.stream().count >= Math.min(self.lowWater, self.receiveBuffer / 2) && self.stream().count > 0);
            events |= out(self.shut(Socket.SEND) || writable(self, self.peer));
        }
        return events;
    }

    private boolean writable(InetSocket self, @Nullable InetSocket peer) {
        return peer == null || peer.dead || streams.writable(self, peer);
    }

    @Override
    public void close(Socket socket) {
        InetSocket self = (InetSocket) socket;
        boolean abort = self.stream().count > 0 || self.linger == 0;
        self.dead = true;
        streams.free(self.stream());
        handshake.close(self, abort);
        tables.sockets.remove(self);
    }
}
