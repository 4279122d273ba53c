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
import vkernel.net.SocketAddress;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/** Unix sockets of single messages: SOCK_DGRAM (Linux: unix_dgram_*). No message is lost. */
final class UnixDatagrams extends UnixProtocol {
    /** Messages that may wait at a receiver (net.unix.max_dgram_qlen). */
    private static final int QUEUE = 10;

    private final Rings rings;
    private final Sleep sleep;

    UnixDatagrams(Tables tables, UnixNames names, InFlight inFlight, Messages messages, Rings rings) {
        super(tables, names, inFlight, messages);
        this.rings = rings;
        sleep = new Sleep(kernel);
    }

    @Override
    public long connect(Task task, OpenFile file, Socket socket, SocketAddress address) {
        UnixSocket self = (UnixSocket) socket;
        if (address instanceof SocketAddress.None none && none.family() == Socket.AF_UNSPEC) {
            return peer(self, null);
        }
        if (!(address instanceof SocketAddress.Unix unix) || unix.name().isEmpty()) {
            return -Errno.EINVAL;
        }
        if (self.passCredentials) {
            names.autobind(self);
        }
        Result<UnixSocket> found = names.find(task, unix, self.type);
        if (!found.ok()) {
            return found.error();
        }
        return maySend(self, found.value()) ? peer(self, found.value()) : -Errno.EPERM;
    }

    /** Gives a socket another peer; what the old one has sent is dropped, and it is told if it was its peer. */
    private long peer(UnixSocket self, @Nullable UnixSocket next) {
        UnixSocket old = self.peer;
        self.peer = next;
        self.state = next == null ? Socket.State.CLOSE : Socket.State.ESTABLISHED;
        if (old != null && old != next) {
            messages.purge(self);
            if (old.peer == self && !old.dead) {
                old.error = Errno.ECONNRESET;
                news(old);
            }
        }
        kernel.wake(self.forOutput);
        return 0;
    }

    private static boolean maySend(UnixSocket from, UnixSocket to) {
        return to.peer == null || to.peer == from;
    }

    @Override
    public long send(Task task, Socket socket, Message message, boolean waits) {
        UnixSocket self = (UnixSocket) socket;
        inFlight.sending(message.files);
        if (message.has(Message.OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        Result<UnixSocket> target = target(task, self, message.address);
        if (!target.ok()) {
            return target.error();
        }
        UnixSocket to = target.value();
        if (to.dead) {
            if (message.address == null) {
                peer(self, null);
            }
            return -Errno.ECONNREFUSED;
        }
        if (!maySend(self, to)) {
            return -Errno.EPERM;
        }
        long length = message.data().remaining();
        long error = length > self.sendBuffer - 32 ? -Errno.EMSGSIZE : mayFly(task, message);
        if (self.shut(Socket.SEND) || to.shut(Socket.RECEIVE)) {
            error = -Errno.EPIPE;
        }
        if (error == 0) {
            error = room(task, self, to, waits);
        }
        return error != 0 ? error : deliver(task, self, to, message);
    }

    private Result<UnixSocket> target(Task task, UnixSocket self, @Nullable SocketAddress address) {
        if (address == null) {
            UnixSocket peer = self.peer;
            return peer == null ? Result.error(-Errno.ENOTCONN) : Result.of(peer);
        }
        if (!(address instanceof SocketAddress.Unix unix) || unix.name().isEmpty()) {
            return Result.error(-Errno.EINVAL);
        }
        if (self.passCredentials) {
            names.autobind(self);
        }
        return names.find(task, unix, self.type);
    }

    /** Waits for room in the sender's buffer and in the receiver's queue. @return 0, BLOCKED or -EAGAIN */
    private long room(Task task, UnixSocket self, UnixSocket to, boolean waits) {
        if (self.sent >= self.sendBuffer || !rings.memoryLeft() && self.sent > 0) {
            self.noSpace = true;
            return sleep.on(task, self.forOutput, waits, self.sendTimeout);
        }
        return to.messages.size() > QUEUE && to.peer != self ? sleep.on(task, to.forPeers, waits, self.sendTimeout) : 0;
    }

    private long deliver(Task task, UnixSocket self, UnixSocket to, Message message) {
        byte[] bytes = Messages.bytes(message);
        if (bytes == null) {
            return -Errno.EFAULT;
        }
        @Nullable Ancillary with = ancillary(task, message, self, to);
        message.files = List.of();
        messages.deliver(to, bytes, UnixNames.told(self), null, with, self);
        return bytes.length;
    }

    @Override
    public long receive(Task task, Socket socket, Message message, boolean waits) {
        return message.has(Message.OOB) ? -Errno.EOPNOTSUPP : messages.receive(task, socket, message, waits);
    }

    @Override
    public int poll(Socket socket) {
        UnixSocket self = (UnixSocket) socket;
        UnixSocket to = self.peer;
        boolean full = to != null && to.peer != self && to.messages.size() > QUEUE && !to.dead;
        boolean writable = Messages.writable(self) && !full;
        return common(self, !self.messages.isEmpty()) | (writable ? Mode.POLLOUT | Mode.POLLWRNORM : 0);
    }

    @Override
    public void close(Socket socket) {
        UnixSocket self = (UnixSocket) socket;
        self.dead = true;
        self.shutdown = Socket.BOTH;
        names.release(self);
        UnixSocket peer = self.peer;
        self.peer = null;
        messages.purge(self);
        tables.sockets.remove(self);
        kernel.wake(self.forPeers);
        if (peer != null) {
            kernel.wake(peer.forOutput);
        }
    }
}
