package vkernel.guest.net;

import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.net.Message;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/** What one kind of socket does (Linux: struct proto_ops). The sockets given are of that kind. */
interface Protocol {
    long bind(Task task, Socket socket, SocketAddress address);

    default long listen(Task task, Socket socket, int backlog) {
        return -Errno.EOPNOTSUPP;
    }

    /** Takes the next connection. @return the socket, BLOCKED or -errno */
    default Result<Socket> accept(Task task, OpenFile file, Socket listener) {
        return Result.error(-Errno.EOPNOTSUPP);
    }

    long connect(Task task, OpenFile file, Socket socket, SocketAddress address);

    /** @param how bits of {@link Socket#shutdown} */
    long shutdown(Socket socket, int how);

    SocketAddress name(Socket socket);

    Result<SocketAddress> peerName(Socket socket);

    /** See {@link vkernel.net.NetStack#caller}. */
    default Result<SocketAddress> caller(Socket accepted) {
        return peerName(accepted);
    }

    /** Sends a message, or as much of a stream as there is room for. @param waits whether it may block */
    long send(Task task, Socket socket, Message message, boolean waits);

    long receive(Task task, Socket socket, Message message, boolean waits);

    /** POLL* bits of {@link vkernel.fs.Mode}. */
    int poll(Socket socket);

    /** The last descriptor is gone. */
    void close(Socket socket);
}
