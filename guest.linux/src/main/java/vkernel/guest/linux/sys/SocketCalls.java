package vkernel.guest.linux.sys;

import static vkernel.guest.linux.table.Handler.of;
import static vkernel.kern.Errno.EAFNOSUPPORT;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.ENOTSOCK;

import java.util.List;
import vkernel.guest.linux.table.Handler;
import vkernel.guest.linux.table.Table;
import vkernel.task.Task;

/** Sockets as a kernel without any protocol has them: none can be made, and no descriptor is one. */
public final class SocketCalls {
    private static final List<String> ON_SOCKETS = List.of(
            "bind",
            "listen",
            "accept",
            "accept4",
            "connect",
            "getsockname",
            "getpeername",
            "sendto",
            "recvfrom",
            "setsockopt",
            "getsockopt",
            "shutdown",
            "sendmsg",
            "recvmsg",
            "sendmmsg",
            "recvmmsg");

    public void table(Table table) {
        Handler none = of(t -> -EAFNOSUPPORT);
        table.partial("socket", none, "no address family: -EAFNOSUPPORT");
        table.partial("socketpair", none, "no address family: -EAFNOSUPPORT");
        Handler onSocket = of(SocketCalls::notSocket);
        ON_SOCKETS.forEach(name -> table.partial(name, onSocket, "no descriptor is a socket"));
    }

    private static long notSocket(Task task, long fd) {
        return task.files.get((int) fd) == null ? -EBADF : -ENOTSOCK;
    }
}
