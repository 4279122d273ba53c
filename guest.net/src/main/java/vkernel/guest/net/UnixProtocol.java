package vkernel.guest.net;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.Ancillary;
import vkernel.net.Message;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.net.Ucred;
import vkernel.net.UnixSocket;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Task;

/** What all kinds of Unix sockets do alike. */
abstract sealed class UnixProtocol implements Protocol permits UnixConnections, UnixDatagrams {
    final Kernel kernel;
    final Tables tables;
    final UnixNames names;
    final InFlight inFlight;
    final Messages messages;

    UnixProtocol(Tables tables, UnixNames names, InFlight inFlight, Messages messages) {
        this.tables = tables;
        kernel = tables.kernel;
        this.names = names;
        this.inFlight = inFlight;
        this.messages = messages;
    }

    @Override
    public long bind(Task task, Socket socket, SocketAddress address) {
        return names.bind(task, (UnixSocket) socket, address);
    }

    @Override
    public SocketAddress name(Socket socket) {
        return UnixNames.address((UnixSocket) socket);
    }

    @Override
    public Result<SocketAddress> peerName(Socket socket) {
        UnixSocket peer = ((UnixSocket) socket).peer;
        return peer == null ? Result.error(-Errno.ENOTCONN) : Result.of(UnixNames.address(peer));
    }

    @Override
    public long shutdown(Socket socket, int how) {
        socket.shutdown |= how;
        UnixSocket peer = ((UnixSocket) socket).peer;
        if (peer != null && socket.connected()) {
            peer.shutdown |= (how & Socket.SEND) != 0 ? Socket.RECEIVE : 0;
            peer.shutdown |= (how & Socket.RECEIVE) != 0 ? Socket.SEND : 0;
            news(peer);
        }
        news(socket);
        return 0;
    }

    final void news(Socket socket) {
        kernel.wake(socket.forInput);
        kernel.wake(socket.forOutput);
    }

    /** What goes with a message; null for nothing. The files are in flight from now on. */
    final @Nullable Ancillary ancillary(Task task, Message message, UnixSocket from, UnixSocket to) {
        boolean tells = message.sender != null || from.passCredentials || to.passCredentials || to.file == null;
        if (message.files.isEmpty() && !tells) {
            return null;
        }
        Ucred sender = message.sender != null ? message.sender : Ucred.ofSender(task);
        inFlight.leave(message.files);
        return new Ancillary(message.files.isEmpty() ? List.of() : new ArrayList<>(message.files), sender);
    }

    /** Whether a task may send files: no more of its own may be under way than it may have open. */
    final long mayFly(Task task, Message message) {
        if (message.files.isEmpty() || task.credentials.can(Credentials.CAP_SYS_RESOURCE, Credentials.CAP_SYS_ADMIN)) {
            return 0;
        }
        long most = task.process.softLimits[Limits.NOFILE];
        return most >= 0 && tables.counters.inFlight + message.files.size() > most ? -Errno.ETOOMANYREFS : 0;
    }

    /** unix_poll(): what is so of every Unix socket, without its room to write. */
    static int common(UnixSocket socket, boolean readable) {
        int events = socket.error != 0 ? Mode.POLLERR : 0;
        events |= socket.shutdown == Socket.BOTH ? Mode.POLLHUP : 0;
        events |= socket.shut(Socket.RECEIVE) ? Mode.POLLRDHUP : 0;
        boolean in = readable || socket.shut(Socket.RECEIVE);
        return events | (in ? Mode.POLLIN | Mode.POLLRDNORM : 0);
    }
}
