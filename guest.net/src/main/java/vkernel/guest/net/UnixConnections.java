package vkernel.guest.net;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.net.Ancillary;
import vkernel.net.Message;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.SocketAddress;
import vkernel.net.Ucred;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/** Unix sockets with connections: SOCK_STREAM and SOCK_SEQPACKET (Linux: unix_stream_*, unix_seqpacket_*). */
final class UnixConnections extends UnixProtocol {
    private final Streams streams;
    private final Sleep sleep;

    UnixConnections(Tables tables, UnixNames names, InFlight inFlight, Messages messages, Streams streams) {
        super(tables, names, inFlight, messages);
        this.streams = streams;
        sleep = new Sleep(kernel);
    }

    @Override
    public long listen(Task task, Socket socket, int backlog) {
        UnixSocket unix = (UnixSocket) socket;
        if (unix.name == null || unix.state != State.CLOSE && unix.state != State.LISTEN) {
            return -Errno.EINVAL;
        }
        unix.state = State.LISTEN;
        boolean more = backlog > unix.backlog;
        unix.backlog = backlog;
        unix.peerCredentials = Ucred.of(task);
        if (more) {
            kernel.wake(unix.forPeers);
        }
        return 0;
    }

    @Override
    public long connect(Task task, OpenFile file, Socket socket, SocketAddress address) {
        if (!(address instanceof SocketAddress.Unix unix) || unix.name().isEmpty()) {
            return -Errno.EINVAL;
        }
        UnixSocket self = (UnixSocket) socket;
        if (self.passCredentials) {
            names.autobind(self);
        }
        Result<UnixSocket> found = names.find(task, unix, self.type);
        if (!found.ok()) {
            return found.error();
        }
        UnixSocket listener = found.value();
        if (listener.state != State.LISTEN || listener.shut(Socket.RECEIVE)) {
            return -Errno.ECONNREFUSED;
        }
        if (self.state != State.CLOSE) {
            return self.state == State.ESTABLISHED ? -Errno.EISCONN : -Errno.EINVAL;
        }
        if (listener.pending.size() > listener.backlog) {
            return sleep.on(task, listener.forPeers, !file.nonblocking(), self.sendTimeout);
        }
        join(task, self, listener);
        return 0;
    }

    /** Makes the other end, which waits to be accepted. */
    private void join(Task task, UnixSocket self, UnixSocket listener) {
        UnixSocket other = new UnixSocket(self.type);
        other.owner = listener.owner;
        other.name = listener.name;
        other.passCredentials = listener.passCredentials;
        other.sendBuffer = listener.sendBuffer;
        other.receiveBuffer = listener.receiveBuffer;
        other.listener = listener;
        other.peerCredentials = Ucred.of(task);
        self.peerCredentials = listener.peerCredentials;
        marry(self, other);
        tables.sockets.add(other);
        listener.pending.add(other);
        kernel.wake(listener.forInput);
        kernel.wake(self.forOutput);
    }

    /** Makes two sockets each other's peer. */
    static void marry(UnixSocket a, UnixSocket b) {
        a.peer = b;
        b.peer = a;
        a.state = b.state = State.ESTABLISHED;
    }

    @Override
    public Result<Socket> accept(Task task, OpenFile file, Socket socket) {
        UnixSocket listener = (UnixSocket) socket;
        if (listener.state != State.LISTEN) {
            return Result.error(-Errno.EINVAL);
        }
        UnixSocket next = (UnixSocket) listener.pending.poll();
        if (next == null) {
            return Result.error(
                    listener.shut(Socket.RECEIVE)
                            ? -Errno.EINVAL
                            : sleep.on(task, listener.forInput, !file.nonblocking(), listener.receiveTimeout));
        }
        next.listener = null;
        kernel.wake(listener.forPeers);
        return Result.of(next);
    }

    @Override
    public long send(Task task, Socket socket, Message message, boolean waits) {
        UnixSocket self = (UnixSocket) socket;
        inFlight.sending(message.files);
        if (message.has(Message.OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        if (message.address != null && self.type == Socket.STREAM) {
            return self.state == State.ESTABLISHED ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
        }
        UnixSocket peer = self.peer;
        if (peer == null) {
            return -Errno.ENOTCONN;
        }
        if (self.shut(Socket.SEND) || peer.dead || peer.shut(Socket.RECEIVE)) {
            return -Errno.EPIPE;
        }
        long error = mayFly(task, message);
        if (error != 0) {
            return error;
        }
        return self.type == Socket.STREAM
                ? bytes(task, self, peer, message, waits)
                : packet(task, self, peer, message, waits);
    }

    private long bytes(Task task, UnixSocket self, UnixSocket peer, Message message, boolean waits) {
        if (message.data().remaining() == 0) {
            return 0;
        }
        @Nullable Ancillary with = ancillary(task, message, self, peer);
        long n = streams.put(task, self, peer, message, waits, with);
        if (with != null && n > 0) {
            message.files = List.of(); // they go with the first part
        } else if (with != null) {
            inFlight.landed(with);
        }
        return n;
    }

    private long packet(Task task, UnixSocket self, UnixSocket peer, Message message, boolean waits) {
        long length = message.data().remaining();
        if (length > self.sendBuffer - 32) {
            return -Errno.EMSGSIZE;
        }
        if (self.sent >= self.sendBuffer) {
            self.noSpace = true;
            return sleep.on(task, self.forOutput, waits, self.sendTimeout);
        }
        byte[] bytes = Messages.bytes(message);
        if (bytes == null) {
            return -Errno.EFAULT;
        }
        @Nullable Ancillary with = ancillary(task, message, self, peer);
        message.files = List.of();
        messages.deliver(peer, bytes, null, null, with, self);
        return length;
    }

    @Override
    public long receive(Task task, Socket socket, Message message, boolean waits) {
        if (message.has(Message.OOB)) {
            return socket.type == Socket.STREAM ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
        }
        if (socket.state != State.ESTABLISHED) {
            return socket.type == Socket.STREAM ? -Errno.EINVAL : -Errno.ENOTCONN;
        }
        return socket.type == Socket.STREAM
                ? streams.receive(task, socket, message, waits)
                : messages.receive(task, socket, message, waits);
    }

    @Override
    public int poll(Socket socket) {
        UnixSocket self = (UnixSocket) socket;
        boolean readable =
                !self.pending.isEmpty() || !self.messages.isEmpty() || self.stream != null && self.stream.count > 0;
        int events = common(self, readable);
        events |= self.state == State.CLOSE ? Mode.POLLHUP : 0;
        return events | (writable(self) ? Mode.POLLOUT | Mode.POLLWRNORM : 0);
    }

    private boolean writable(UnixSocket self) {
        if (self.state == State.LISTEN) {
            return false;
        }
        UnixSocket peer = self.peer;
        return self.type == Socket.STREAM && peer != null && !peer.dead
                ? streams.writable(self, peer)
                : Messages.writable(self);
    }

    @Override
    public void close(Socket socket) {
        UnixSocket self = (UnixSocket) socket;
        boolean unread = !self.messages.isEmpty() || self.stream != null && self.stream.count > 0;
        self.dead = true;
        names.release(self);
        part(self, unread || self.listener != null);
        self.state = State.CLOSE;
        self.shutdown = Socket.BOTH;
        messages.purge(self);
        if (self.stream != null) {
            streams.free(self.stream);
        }
        tables.sockets.remove(self);
        for (Socket next = self.pending.poll(); next != null; next = self.pending.poll()) {
            close(next);
        }
        kernel.wake(self.forPeers);
    }

    /** Tells the peer that nobody is here any more. @param reset what it sent was not read */
    private void part(UnixSocket self, boolean reset) {
        UnixSocket peer = self.peer;
        if (peer == null || peer.dead) {
            return;
        }
        peer.shutdown = Socket.BOTH;
        if (reset) {
            peer.error = Errno.ECONNRESET;
        }
        news(peer);
    }
}
