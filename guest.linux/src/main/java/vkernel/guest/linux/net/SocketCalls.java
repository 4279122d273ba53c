package vkernel.guest.linux.net;

import static vkernel.kern.Errno.EAFNOSUPPORT;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.ECONNABORTED;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.ENOTSOCK;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.NetStack;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/** socket(2), bind(2), connect(2) and their kin. A kernel without sockets answers -EAFNOSUPPORT. */
public final class SocketCalls implements CallGroup {
    private static final int TYPE = 0xf;
    private static final int FLAGS = Mode.O_NONBLOCK | Mode.O_CLOEXEC;

    private final Kernel kernel;
    private final User user;
    private final Addresses addresses;

    public SocketCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        addresses = new Addresses(user);
    }

    @Override
    public void table(Table table) {
        table.full(
                this,
                Nr.SOCKETPAIR,
                Nr.BIND,
                Nr.LISTEN,
                Nr.ACCEPT,
                Nr.ACCEPT4,
                Nr.CONNECT,
                Nr.GETSOCKNAME,
                Nr.GETPEERNAME,
                Nr.SHUTDOWN);
        table.partial(this, Nr.SOCKET, "AF_UNIX, AF_INET, AF_INET6, AF_NETLINK; no raw sockets, no packets");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SOCKET -> socket(task, a0, a1, a2);
            case Nr.SOCKETPAIR -> socketpair(task, a0, a1, a2, a3);
            case Nr.BIND -> bind(task, a0, a1, a2);
            case Nr.LISTEN -> listen(task, a0, a1);
            case Nr.ACCEPT -> accept(task, a0, a1, a2, 0);
            case Nr.ACCEPT4 -> accept(task, a0, a1, a2, a3);
            case Nr.CONNECT -> connect(task, a0, a1, a2);
            case Nr.GETSOCKNAME -> getsockname(task, a0, a1, a2);
            case Nr.GETPEERNAME -> getpeername(task, a0, a1, a2);
            case Nr.SHUTDOWN -> shutdown(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    /** What serves sockets; null in a kernel without. */
    private @Nullable NetStack net() {
        return kernel.net().orNull();
    }

    /** Why a descriptor is no socket. @return -EBADF, -ENOTSOCK */
    static long notSocket(Task task, long fd) {
        OpenFile file = task.files.get((int) fd);
        return file == null || (file.flags & Mode.O_PATH) != 0 ? -EBADF : -ENOTSOCK;
    }

    /** The socket of a descriptor; null when it is none. */
    static @Nullable Socket find(Task task, long fd) {
        OpenFile file = task.files.get((int) fd);
        return file != null && file.data instanceof Socket socket && (file.flags & Mode.O_PATH) == 0 ? socket : null;
    }

    private long socket(Task task, long family, long type, long protocol) {
        if (((int) type & ~(TYPE | FLAGS)) != 0) {
            return -EINVAL;
        }
        @Nullable NetStack net = net();
        int fd = task.files.free(0, OpenCalls.limit(task));
        if (net == null || (int) family < 0 || (int) family > 45) {
            return -EAFNOSUPPORT;
        }
        Result<OpenFile> made =
                net.socket(task, (int) family, (int) type & TYPE, (int) protocol, (int) type & Mode.O_NONBLOCK);
        if (!made.ok()) {
            return made.error();
        }
        if (fd < 0) {
            kernel.vfs().close(made.value());
            return -EMFILE;
        }
        task.files.set(fd, made.value(), (type & Mode.O_CLOEXEC) != 0);
        return fd;
    }

    private long socketpair(Task task, long family, long type, long protocol, long va) {
        if (((int) type & ~(TYPE | FLAGS)) != 0) {
            return -EINVAL;
        }
        @Nullable NetStack net = net();
        if (net == null || (int) family < 0 || (int) family > 45) {
            return -EAFNOSUPPORT;
        }
        int first = task.files.free(0, OpenCalls.limit(task));
        int second = first < 0 ? -1 : task.files.free(first + 1, OpenCalls.limit(task));
        if (second < 0) {
            return -EMFILE;
        }
        user.put32(0, first);
        user.put32(4, second);
        if (!user.write(task, va, 8)) {
            return -EFAULT;
        }
        Result<List<OpenFile>> made =
                net.pair(task, (int) family, (int) type & TYPE, (int) protocol, (int) type & Mode.O_NONBLOCK);
        if (!made.ok()) {
            return made.error();
        }
        boolean cloexec = (type & Mode.O_CLOEXEC) != 0;
        task.files.set(first, made.value().getFirst(), cloexec);
        task.files.set(second, made.value().getLast(), cloexec);
        return 0;
    }

    private long bind(Task task, long fd, long va, long length) {
        @Nullable Socket socket = find(task, fd);
        if (socket == null) {
            return notSocket(task, fd);
        }
        Result<SocketAddress> address = addresses.read(task, socket, va, (int) length);
        return address.ok() ? kernel.net().get().bind(task, socket, address.value()) : address.error();
    }

    private long listen(Task task, long fd, long backlog) {
        @Nullable Socket socket = find(task, fd);
        return socket == null ? notSocket(task, fd) : kernel.net().get().listen(task, socket, (int) backlog);
    }

    private long accept(Task task, long fd, long va, long lengthVa, long flags) {
        if (((int) flags & ~FLAGS) != 0) {
            return -EINVAL;
        }
        if (find(task, fd) == null) {
            return notSocket(task, fd);
        }
        int at = task.files.free(0, OpenCalls.limit(task));
        if (at < 0) {
            return -EMFILE;
        }
        NetStack net = kernel.net().get();
        OpenFile listener = Objects.requireNonNull(task.files.get((int) fd));
        Result<OpenFile> next = net.accept(task, listener, (int) flags & Mode.O_NONBLOCK);
        if (!next.ok()) {
            return next.error();
        }
        if (va != 0) {
            Result<SocketAddress> peer =
                    net.caller(NetStack.socket(next.value()).orElseThrow());
            long error = peer.ok() ? addresses.give(task, va, lengthVa, peer.value()) : -ECONNABORTED;
            if (error != 0) {
                kernel.vfs().close(next.value());
                return error;
            }
        }
        task.files.set(at, next.value(), (flags & Mode.O_CLOEXEC) != 0);
        return at;
    }

    private long connect(Task task, long fd, long va, long length) {
        @Nullable Socket socket = find(task, fd);
        if (socket == null) {
            return notSocket(task, fd);
        }
        Result<SocketAddress> address = addresses.read(task, socket, va, (int) length);
        return address.ok()
                ? kernel.net().get().connect(task, Objects.requireNonNull(socket.file), address.value())
                : address.error();
    }

    private long getsockname(Task task, long fd, long va, long lengthVa) {
        @Nullable Socket socket = find(task, fd);
        return socket == null
                ? notSocket(task, fd)
                : addresses.give(task, va, lengthVa, kernel.net().get().name(socket));
    }

    private long getpeername(Task task, long fd, long va, long lengthVa) {
        @Nullable Socket socket = find(task, fd);
        if (socket == null) {
            return notSocket(task, fd);
        }
        Result<SocketAddress> peer = kernel.net().get().peerName(socket);
        return peer.ok() ? addresses.give(task, va, lengthVa, peer.value()) : peer.error();
    }

    private long shutdown(Task task, long fd, long how) {
        @Nullable Socket socket = find(task, fd);
        return socket == null ? notSocket(task, fd) : kernel.net().get().shutdown(task, socket, (int) how);
    }
}
