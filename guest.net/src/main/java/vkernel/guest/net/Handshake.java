package vkernel.guest.net;

import java.util.ArrayList;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.Socket;
import vkernel.net.Socket.State;

/**
 * How TCP connections begin and end: what SYN, FIN and RST do, without the segments (RFC 9293, section 3.3.2; Linux:
 * net/ipv4/tcp_input.c). Both ends are in this kernel, so every state that waits for an acknowledgement is over at once.
 */
final class Handshake {
    /** What Linux's buffers for sending grow to on the loopback interface. */
    private static final int TUNED = 2_626_560;

    private final Kernel kernel;
    private final Tables tables;
    private final Ports ports;
    private final News news;
    private final Tap tap;
    private long lastOutside;

    Handshake(Tables tables, Ports ports, News news, Tap tap) {
        this.tables = tables;
        this.ports = ports;
        this.news = news;
        this.tap = tap;
        kernel = tables.kernel;
    }

    private void news(Socket socket) {
        news.both(socket);
    }

    // --- outside ----------------------------------------------------------------------------------------------------

    /** A SYN that leaves this machine: its far end, which the gateway opens or fails. */
    void leave(InetSocket self, Gateway gateway) {
        InetSocket far = far(self.family);
        far.local = self.remote;
        far.localPort = self.remotePort;
        far.remote = self.local;
        far.remotePort = self.localPort;
        far.peer = self;
        self.peer = far;
        self.state = far.state = State.SYN_SENT;
        tap.syn(self);
        gateway.connect(far);
    }

    private InetSocket far(int family) {
        InetSocket far = new InetSocket(family, Socket.STREAM, InetSocket.TCP);
        far.outside = ++lastOutside;
        return far;
    }

    void opened(InetSocket far) {
        InetSocket self = far.peer;
        if (self != null && far.state == State.SYN_SENT) {
            open(far);
            open(self);
            tables.counters.connects++;
            tap.opened(self);
            news(self);
        }
    }

    void failed(InetSocket far, int error) {
        InetSocket self = far.peer;
        far.peer = null;
        far.state = State.CLOSE;
        if (self != null) {
            self.peer = null;
            if (error == Errno.ECONNREFUSED) {
                tap.refused(self);
            }
            refuse(self);
            self.error = error;
        }
    }

    /** A SYN from outside. @return the far end, or -ECONNREFUSED, -EAGAIN */
    Result<InetSocket> enter(IpAddress from, int fromPort, IpAddress to, int port) {
        InetSocket listener = ports.listener(to, port, fromPort);
        if (listener == null) {
            return Result.error(-Errno.ECONNREFUSED);
        }
        if (listener.pending.size() > listener.backlog) {
            return Result.error(-Errno.EAGAIN);
        }
        InetSocket far = far(Socket.AF_INET);
        far.local = from;
        far.localPort = fromPort;
        far.remote = to;
        far.remotePort = port;
        tap.syn(far);
        join(far, listener);
        return Result.of(far);
    }

    // --- beginning --------------------------------------------------------------------------------------------------

    void listen(InetSocket self) {
        tables.listeners
                .computeIfAbsent(self.localPort, port -> new ArrayList<>())
                .add(self);
    }

    /** Nobody listens any more: who waits to be accepted is reset, who waits for room refused. */
    void unlisten(InetSocket self) {
        var all = tables.listeners.get(self.localPort);
        if (all != null && all.remove(self) && all.isEmpty()) {
            tables.listeners.remove(self.localPort);
        }
        for (Socket each = self.pending.poll(); each != null; each = self.pending.poll()) {
            InetSocket child = (InetSocket) each;
            child.dead = true;
            end(child, true);
            tables.sockets.remove(child);
        }
        for (InetSocket each = self.knocking.poll(); each != null; each = self.knocking.poll()) {
            tap.refused(each);
            refuse(each);
        }
    }

    /** A SYN: the other end is made, or refused, or waits for room. */
    void connect(InetSocket self) {
        InetSocket listener = ports.listener(self.remote, self.remotePort, self.localPort);
        tap.syn(self);
        if (listener == null) {
            tap.refused(self);
            refuse(self);
            return;
        }
        self.state = State.SYN_SENT;
        if (listener.pending.size() > listener.backlog) {
            self.listener = listener;
            listener.knocking.add(self);
            return;
        }
        join(self, listener);
    }

    /** There may be room for who has waited for it. */
    void letIn(InetSocket listener) {
        while (!listener.knocking.isEmpty() && listener.pending.size() <= listener.backlog) {
            InetSocket next = listener.knocking.remove();
            next.listener = null;
            join(next, listener);
        }
    }

    private void refuse(InetSocket self) {
        self.listener = null;
        self.state = State.CLOSE;
        self.error = Errno.ECONNREFUSED;
        self.shutdown = Socket.BOTH;
        tables.counters.refused++;
        news(self);
    }

    /** Makes the other end, which waits to be accepted. */
    private void join(InetSocket self, InetSocket listener) {
        InetSocket child = child(listener);
        child.local = self.remote;
        ports.put(child, self.remotePort);
        child.remote = self.local;
        child.remotePort = self.localPort;
        child.listener = listener;
        child.peer = self;
        self.peer = child;
        open(self);
        open(child);
        tables.sockets.add(child);
        tables.counters.connects++;
        tap.opened(self);
        listener.pending.add(child);
        kernel.wake(listener.forInput);
        news(self);
    }

    private static void open(InetSocket socket) {
        socket.state = State.ESTABLISHED;
        if (!socket.sendBufferSet) {
            socket.sendBuffer = TUNED;
        }
    }

    /** A socket with the options of the one that listens. */
    private static InetSocket child(InetSocket listener) {
        InetSocket child = new InetSocket(listener.family, listener.type, listener.protocol);
        child.owner = listener.owner;
        child.v6only = listener.v6only;
        child.reuseAddress = listener.reuseAddress;
        child.reusePort = listener.reusePort;
        child.linger = listener.linger;
        child.lowWater = listener.lowWater;
        child.sendTimeout = listener.sendTimeout;
        child.receiveTimeout = listener.receiveTimeout;
        child.sendBufferSet = listener.sendBufferSet;
        child.receiveBufferSet = listener.receiveBufferSet;
        child.sendBuffer = listener.sendBuffer;
        child.receiveBuffer = listener.receiveBuffer;
        child.options.putAll(listener.options);
        return child;
    }

    // --- end --------------------------------------------------------------------------------------------------------

    /** A FIN goes out and is acknowledged. */
    void fin(InetSocket self) {
        InetSocket peer = self.peer;
        boolean last = self.state == State.CLOSE_WAIT;
        tap.fin(self);
        self.state = last ? State.CLOSE : State.FIN_WAIT2;
        if (last) {
            self.shutdown = Socket.BOTH;
        }
        if (peer == null) {
            return;
        }
        if (last) { // both directions are shut now; the peer was first, and waits for stragglers
            self.peer = null;
            peer.peer = null;
            peer.shutdown = Socket.BOTH;
            keepPort(peer);
        } else {
            peer.state = State.CLOSE_WAIT;
            peer.shutdown |= Socket.RECEIVE;
        }
        news(peer);
    }

    /** The port of a connection that is over is kept; the socket itself may still be open. */
    private void keepPort(InetSocket socket) {
        if (socket.dead) {
            ports.keep(socket, State.TIME_WAIT);
            return;
        }
        socket.state = State.CLOSE;
        if (socket.outside != 0) {
            return;
        }
        InetSocket rest = child(socket);
        rest.dead = true;
        rest.local = socket.local;
        rest.remote = socket.remote;
        rest.remotePort = socket.remotePort;
        ports.put(rest, socket.localPort);
        ports.keep(rest, State.TIME_WAIT);
    }

    /** A RST arrives. */
    void reset(InetSocket self) {
        tap.reset(self);
        InetSocket peer = self.peer;
        self.peer = null;
        if (peer != null && peer.peer == self) {
            peer.peer = null;
            if (peer.dead) {
                ports.forget(peer);
            }
        }
        if (self.dead) {
            ports.forget(self);
            return;
        }
        self.error = self.state == State.CLOSE_WAIT ? Errno.EPIPE : Errno.ECONNRESET;
        self.state = State.CLOSE;
        self.shutdown = Socket.BOTH;
        news(self);
    }

    /** The last descriptor of a socket is gone. @param abort by a RST */
    void close(InetSocket self, boolean abort) {
        switch (self.state) {
            case LISTEN -> {
                unlisten(self);
                ports.release(self);
            }
            case SYN_SENT -> {
                if (self.listener != null) {
                    self.listener.knocking.remove(self);
                }
                end(self, true);
            }
            default -> end(self, abort);
        }
    }

    private void end(InetSocket self, boolean abort) {
        InetSocket peer = self.peer;
        if (peer == null) {
            ports.release(self);
            return;
        }
        if (abort) {
            self.peer = null;
            peer.peer = null;
            ports.release(self);
            reset(peer);
            return;
        }
        if (!self.shut(Socket.SEND)) {
            self.shutdown = Socket.BOTH;
            fin(self);
        }
        if (self.peer == null) {
            ports.release(self);
        } else {
            ports.keep(self, self.state);
        }
    }
}
