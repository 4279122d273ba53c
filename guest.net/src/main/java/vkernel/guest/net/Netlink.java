package vkernel.guest.net;

import java.util.List;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.net.Ancillary;
import vkernel.net.Message;
import vkernel.net.NetlinkSocket;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.net.Ucred;
import vkernel.task.Task;

/** NETLINK_ROUTE: a conversation with the kernel (Linux: net/netlink/af_netlink.c). Nothing is ever told unasked. */
final class Netlink implements Protocol {
    private static final SocketAddress KERNEL = new SocketAddress.Netlink(0, 0);

    private final Tables tables;
    private final Messages messages;
    private final RouteMessages routes;

    Netlink(Tables tables, Messages messages, RouteMessages routes) {
        this.tables = tables;
        this.messages = messages;
        this.routes = routes;
    }

    @Override
    public long bind(Task task, Socket socket, SocketAddress address) {
        NetlinkSocket self = (NetlinkSocket) socket;
        if (!(address instanceof SocketAddress.Netlink wanted)) {
            return -Errno.EINVAL;
        }
        if (self.port != 0) {
            if (wanted.port() != self.port) {
                return -Errno.EINVAL;
            }
        } else if (wanted.port() == 0) {
            autobind(task, self);
        } else {
            if (tables.netlink.putIfAbsent(wanted.port(), self) != null) {
                return -Errno.EADDRINUSE;
            }
            self.port = wanted.port();
        }
        self.groups = wanted.groups();
        return 0;
    }

    /** The first socket of a process has its number as its address, others one below zero. */
    private void autobind(Task task, NetlinkSocket self) {
        int port = task.process.pid;
        for (int next = -4097; tables.netlink.putIfAbsent(port, self) != null; next--) {
            port = next;
        }
        self.port = port;
    }

    @Override
    public long connect(Task task, OpenFile file, Socket socket, SocketAddress address) {
        NetlinkSocket self = (NetlinkSocket) socket;
        if (address instanceof SocketAddress.None none && none.family() == Socket.AF_UNSPEC) {
            self.peerPort = self.peerGroups = 0;
            self.state = Socket.State.CLOSE;
            return 0;
        }
        if (!(address instanceof SocketAddress.Netlink wanted)) {
            return -Errno.EINVAL;
        }
        if (self.port == 0) {
            autobind(task, self);
        }
        self.peerPort = wanted.port();
        self.peerGroups = wanted.groups();
        self.state = Socket.State.ESTABLISHED;
        return 0;
    }

    @Override
    public long shutdown(Socket socket, int how) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public SocketAddress name(Socket socket) {
        NetlinkSocket self = (NetlinkSocket) socket;
        return new SocketAddress.Netlink(self.port, self.groups);
    }

    @Override
    public Result<SocketAddress> peerName(Socket socket) {
        NetlinkSocket self = (NetlinkSocket) socket;
        return Result.of(new SocketAddress.Netlink(self.peerPort, self.peerGroups));
    }

    @Override
    public long send(Task task, Socket socket, Message message, boolean waits) {
        NetlinkSocket self = (NetlinkSocket) socket;
        if (message.has(Message.OOB)) {
            return -Errno.EOPNOTSUPP;
        }
        int to = self.peerPort;
        if (message.address != null) {
            if (!(message.address instanceof SocketAddress.Netlink wanted)) {
                return -Errno.EINVAL;
            }
            to = wanted.port();
        }
        if (to != 0) {
            return -Errno.ECONNREFUSED;
        }
        if (message.data().remaining() > self.sendBuffer - 32) {
            return -Errno.EMSGSIZE;
        }
        if (self.port == 0) {
            autobind(task, self);
        }
        byte[] bytes = Messages.bytes(message);
        if (bytes == null) {
            return -Errno.EFAULT;
        }
        if (self.queued > self.receiveBuffer) {
            return -Errno.ENOBUFS; // its answers are not being read
        }
        Ancillary from = new Ancillary(List.of(), new Ucred(0, 0, 0));
        for (byte[] answer : routes.answer(task, bytes, self.port)) {
            messages.deliver(self, answer, KERNEL, null, from, null);
        }
        return bytes.length;
    }

    @Override
    public long receive(Task task, Socket socket, Message message, boolean waits) {
        return message.has(Message.OOB) ? -Errno.EOPNOTSUPP : messages.receive(task, socket, message, waits);
    }

    @Override
    public int poll(Socket socket) {
        boolean readable = !socket.messages.isEmpty();
        return Mode.POLLOUT | Mode.POLLWRNORM | (readable ? Mode.POLLIN | Mode.POLLRDNORM : 0);
    }

    @Override
    public void close(Socket socket) {
        NetlinkSocket self = (NetlinkSocket) socket;
        self.dead = true;
        messages.purge(self);
        tables.netlink.remove(self.port, self);
        tables.sockets.remove(self);
    }
}
