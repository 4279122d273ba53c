package vkernel.guest.linux.net;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINTR;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMSGSIZE;
import static vkernel.kern.Errno.ENOBUFS;
import static vkernel.kern.Kernel.BLOCKED;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.guest.linux.user.Vectors;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.Message;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Restart;
import vkernel.task.Task;

/**
 * sendto(2), recvfrom(2), sendmsg(2), recvmsg(2) and those of many messages. struct msghdr of riscv: name at 0 and its
 * length at 8, iovecs at 16 and 24, control at 32 and 40, flags at 48.
 */
public final class MessageCalls implements CallGroup {
    private static final int NAME_LENGTH = 8;
    private static final int CONTROL_LENGTH = 40;
    private static final int FLAGS = 48;
    private static final int MSGHDR = 56;
    private static final int MMSGHDR = 64;
    private static final int WAITFORONE = 0x1_0000;
    /** Most messages of one call (UIO_MAXIOV). */
    private static final int MOST = 1024;

    private final Kernel kernel;
    private final User user;
    private final Vectors vectors;
    private final Addresses addresses;
    private final Control control;
    private final Message message = new Message();

    // the msghdr being worked on
    private long name;
    private int nameLength;
    private long controlVa;
    private long controlLength;

    public MessageCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        vectors = new Vectors(kernel, user);
        addresses = new Addresses(user);
        control = new Control(kernel, user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.SENDTO, Nr.RECVFROM);
        table.partial(
                this,
                Nr.SENDMSG,
                "no MSG_OOB, MSG_ZEROCOPY; of control messages of IP those of hops and traffic class");
        table.partial(
                this,
                Nr.RECVMSG,
                "no MSG_OOB, no error queue; of control messages of IP those of hops and traffic class");
        table.partial(this, Nr.SENDMMSG, "as sendmsg");
        table.partial(this, Nr.RECVMMSG, "as recvmsg; of the timeout only zero counts");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SENDTO -> sendto(task, a0, a1, a2, a3, a4, a5);
            case Nr.RECVFROM -> recvfrom(task, a0, a1, a2, a3, a4, a5);
            case Nr.SENDMSG -> sendmsg(task, a0, a1, a2);
            case Nr.RECVMSG -> recvmsg(task, a0, a1, a2);
            case Nr.SENDMMSG -> sendmmsg(task, a0, a1, a2, a3);
            case Nr.RECVMMSG -> recvmmsg(task, a0, a1, a2, a3, a4);
            default -> throw Table.unclaimed(call);
        };
    }

    @Override
    public long interrupted(int call, Task task) {
        return switch (call) {
            case Nr.SENDMMSG, Nr.RECVMMSG -> soFar(task);
            default -> CallGroup.super.interrupted(call, task);
        };
    }

    /** How many messages are through; one that was moved in part counts. */
    private static long soFar(Task task) {
        Restart restart = task.restart;
        int n = restart.index + (restart.done > 0 ? 1 : 0);
        return n > 0 ? n : -EINTR;
    }

    private static OpenFile file(Socket socket) {
        return Objects.requireNonNull(socket.file);
    }

    // --- one message from one place ---------------------------------------------------------------------------------

    private long sendto(Task task, long fd, long va, long length, long flags, long to, long toLength) {
        @Nullable Socket socket = SocketCalls.find(task, fd);
        if (socket == null) {
            return SocketCalls.notSocket(task, fd);
        }
        long total = vectors.range(va, length);
        if (total < 0) {
            return total;
        }
        message.with(vectors.buffer(task, task.restart.done), (int) flags);
        if (to != 0) {
            long error = address(task, socket, to, (int) toLength);
            if (error != 0) {
                return error;
            }
        }
        return kernel.net().get().send(task, file(socket), message);
    }

    private long address(Task task, Socket socket, long va, int length) {
        Result<SocketAddress> address = addresses.read(task, socket, va, length);
        if (!address.ok()) {
            return address.error();
        }
        message.address = address.value();
        return 0;
    }

    private long recvfrom(Task task, long fd, long va, long length, long flags, long from, long fromLength) {
        @Nullable Socket socket = SocketCalls.find(task, fd);
        if (socket == null) {
            return SocketCalls.notSocket(task, fd);
        }
        long total = vectors.range(va, length);
        if (total < 0) {
            return total;
        }
        message.with(vectors.buffer(task, task.restart.done), (int) flags);
        long n = kernel.net().get().receive(task, file(socket), message);
        control.drop(message);
        if (n >= 0 && from != 0) {
            long error = addresses.give(task, from, fromLength, message.address);
            return error == 0 ? n : error;
        }
        return n;
    }

    // --- struct msghdr ----------------------------------------------------------------------------------------------

    private long sendmsg(Task task, long fd, long va, long flags) {
        @Nullable Socket socket = SocketCalls.find(task, fd);
        return socket == null ? SocketCalls.notSocket(task, fd) : send(task, socket, va, (int) flags);
    }

    private long recvmsg(Task task, long fd, long va, long flags) {
        @Nullable Socket socket = SocketCalls.find(task, fd);
        return socket == null ? SocketCalls.notSocket(task, fd) : receive(task, socket, va, (int) flags);
    }

    /** Reads the header and the iovecs. @return bytes to be moved, or -errno */
    private long header(Task task, long va) {
        if (!user.read(task, va, MSGHDR)) {
            return -EFAULT;
        }
        name = user.i64(0);
        nameLength = name == 0 ? 0 : user.i32(NAME_LENGTH);
        controlVa = user.i64(32);
        controlLength = user.i64(CONTROL_LENGTH);
        if (nameLength < 0) {
            return -EINVAL;
        }
        nameLength = Math.min(nameLength, Addresses.MOST);
        long count = user.i64(24);
        if (count < 0 || count > Vectors.IOV_MAX) {
            return -EMSGSIZE;
        }
        return vectors.iovecs(task, user.i64(16), count);
    }

    private long send(Task task, Socket socket, long va, int flags) {
        long total = header(task, va);
        if (total < 0) {
            return total;
        }
        long done = task.restart.done;
        message.with(vectors.buffer(task, done), flags);
        long error = nameLength == 0 ? 0 : address(task, socket, name, nameLength);
        if (error == 0 && done == 0 && controlLength != 0) { // else the first part has taken them along
            error = controlLength < 0 ? -ENOBUFS : control.read(task, message, controlVa, controlLength);
        }
        long n = error == 0 ? kernel.net().get().send(task, file(socket), message) : error;
        control.drop(message);
        return n;
    }

    private long receive(Task task, Socket socket, long va, int flags) {
        long total = header(task, va);
        if (total < 0) {
            return total;
        }
        message.with(vectors.buffer(task, task.restart.done), flags & ~WAITFORONE);
        long n = kernel.net().get().receive(task, file(socket), message);
        if (n < 0) {
            return n;
        }
        long used = control.give(task, socket, message, controlVa, Math.max(0, controlLength));
        int length = name == 0 ? 0 : addresses.put(message.address);
        if (name != 0 && !user.write(task, name, Math.min(length, nameLength))) {
            return -EFAULT;
        }
        int news = message.news | (control.cut() ? Message.CTRUNC : 0) | flags & Message.CMSG_CLOEXEC;
        boolean told = (name == 0 || user.giveInt(task, va + NAME_LENGTH, length) == 0)
                && user.giveLong(task, va + CONTROL_LENGTH, used) == 0
                && user.giveInt(task, va + FLAGS, news) == 0;
        return told ? n : -EFAULT;
    }

    // --- many messages ----------------------------------------------------------------------------------------------

    private long sendmmsg(Task task, long fd, long va, long count, long flags) {
        @Nullable Socket socket = SocketCalls.find(task, fd);
        if (socket == null) {
            return SocketCalls.notSocket(task, fd);
        }
        return many(task, va, count, at -> send(task, socket, at, (int) flags), false);
    }

    private long recvmmsg(Task task, long fd, long va, long count, long flags, long timeout) {
        boolean zero = false;
        if (timeout != 0) {
            if (!user.read(task, timeout, 16)) {
                return -EFAULT;
            }
            if (user.i64(0) < 0 || user.i64(8) < 0 || user.i64(8) >= 1_000_000_000) {
                return -EINVAL;
            }
            zero = user.i64(0) == 0 && user.i64(8) == 0;
        }
        @Nullable Socket socket = SocketCalls.find(task, fd);
        if (socket == null) {
            return SocketCalls.notSocket(task, fd);
        }
        boolean one = ((int) flags & WAITFORONE) != 0;
        int later = one ? (int) flags | Message.DONTWAIT : (int) flags;
        return many(
                task,
                va,
                count,
                at -> receive(task, socket, at, at == va && task.restart.index == 0 ? (int) flags : later),
                zero);
    }

    /** What is done with one message. */
    private interface Each {
        long at(long va);
    }

    private long many(Task task, long va, long count, Each each, boolean onlyOne) {
        int most = (int) Math.min(count & 0xffff_ffffL, MOST);
        int done = task.restart.index;
        while (done < most) {
            long at = va + (long) done * MMSGHDR;
            long n = each.at(at);
            if (n == BLOCKED) {
                task.restart.index = done;
                return BLOCKED;
            }
            if (n < 0) {
                return done > 0 ? done : n;
            }
            task.restart.done = 0;
            task.restart.deadline = Long.MAX_VALUE;
            if (user.giveInt(task, at + MSGHDR, (int) n) != 0) {
                return done > 0 ? done : -EFAULT;
            }
            done++;
            task.restart.index = done;
            if (onlyOne) {
                break;
            }
        }
        return done;
    }
}
