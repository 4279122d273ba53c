package vkernel.guest.linux.net;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENODEV;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOPROTOOPT;
import static vkernel.kern.Errno.ENOTCONN;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Errno.EPERM;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.net.InetSocket;
import vkernel.net.Socket;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** setsockopt(2) and getsockopt(2) of all levels but SOL_SOCKET's own, which are {@link SocketOptions}. */
public final class OptionCalls implements CallGroup {
    private static final int IPV6_V6ONLY = 26;
    private static final int TCP_MAXSEG = 2;
    private static final int TCP_INFO = 11;
    private static final int TCP_CONGESTION = 13;
    private static final int SO_PRIORITY = 12, SO_MARK = 36;
    private static final int TCP_INFO_SIZE = 248;
    /** Largest segment on the loopback interface: its MTU of 65536 less the headers. */
    private static final int LOOPBACK_SEGMENT = 65483;

    private final User user;
    private final SocketOptions own;

    public OptionCalls(Kernel kernel, User user) {
        this.user = user;
        own = new SocketOptions(kernel, user);
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.SETSOCKOPT, "what concerns packets is only kept; no multicast, no filters");
        table.partial(this, Nr.GETSOCKOPT, "TCP_INFO in part");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SETSOCKOPT -> set(task, a0, a1, a2, a3, a4);
            case Nr.GETSOCKOPT -> get(task, a0, a1, a2, a3, a4);
            default -> throw Table.unclaimed(call);
        };
    }

    private long set(Task task, long fd, long level, long name, long va, long length) {
        @Nullable Socket socket = SocketCalls.find(task, fd);
        if (socket == null) {
            return SocketCalls.notSocket(task, fd);
        }
        if ((int) length < 0) {
            return -EINVAL;
        }
        if ((int) level == Options.SOL_SOCKET && own.isSpecial((int) name)) {
            return own.set(task, socket, (int) name, va, (int) length);
        }
        if (!belongs(socket, (int) level)) {
            return socket.family == Socket.AF_UNIX ? -EOPNOTSUPP : -ENOPROTOOPT;
        }
        return special(task, socket, (int) level, (int) name, va, (int) length);
    }

    /** Whether a socket has options of a level at all. */
    private static boolean belongs(Socket socket, int level) {
        if (level == Options.SOL_SOCKET) {
            return true;
        }
        if (!(socket instanceof InetSocket inet)) {
            return false;
        }
        return switch (level) {
            case Options.IP -> true;
            case Options.IPV6 -> inet.family == Socket.AF_INET6;
            default -> level == inet.protocol;
        };
    }

    private long special(Task task, Socket socket, int level, int name, long va, int length) {
        if (level == Options.TCP && name == TCP_CONGESTION) {
            return congestion(task, va, length);
        }
        if (multicast(level, name)) {
            return -ENODEV;
        }
        int least = level == Options.IP && length > 0 ? 1 : 4;
        if (length < least) {
            return -EINVAL;
        }
        if (!user.read(task, va, Math.min(length, 4))) {
            return -EFAULT;
        }
        int value = length < 4 ? user.bytes[0] & 0xff : user.i32(0);
        if (level == Options.IPV6 && name == IPV6_V6ONLY && socket instanceof InetSocket inet) {
            if (inet.localPort != 0) {
                return -EINVAL;
            }
            inet.v6only = value != 0;
            return 0;
        }
        boolean mark =
                level == Options.SOL_SOCKET && (name == SO_MARK || name == SO_PRIORITY && (value < 0 || value > 6));
        if (mark && !task.credentials.can(Credentials.CAP_NET_ADMIN)) {
            return -EPERM;
        }
        Options.@Nullable Option option = Options.find(level, name);
        if (option == null) {
            boolean segment = level == Options.TCP && name == TCP_MAXSEG;
            return !segment ? -ENOPROTOOPT : value < 88 || value > 32767 ? -EINVAL : 0;
        }
        if (value < option.least() || value > option.most()) {
            return -EINVAL;
        }
        socket.options.put(Options.key(level, name), option.flag() ? value != 0 ? 1 : 0 : value);
        return 0;
    }

    /** Joining and leaving groups: no interface here can multicast. */
    private static boolean multicast(int level, int name) {
        return level == Options.IP && (name == 32 || name >= 35 && name <= 48)
                || level == Options.IPV6 && (name == 17 || name == 20 || name == 21 || name >= 42 && name <= 48);
    }

    private long congestion(Task task, long va, int length) {
        if (length < 1) {
            return -EINVAL;
        }
        int n = Math.min(length, 15);
        if (!user.read(task, va, n)) {
            return -EFAULT;
        }
        String name = new String(user.bytes, 0, n, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
        return name.equals("cubic") || name.equals("reno") ? 0 : -ENOENT;
    }

    // --- get --------------------------------------------------------------------------------------------------------

    private long get(Task task, long fd, long level, long name, long va, long lengthVa) {
        @Nullable Socket socket = SocketCalls.find(task, fd);
        if (socket == null) {
            return SocketCalls.notSocket(task, fd);
        }
        if (!user.read(task, lengthVa, 4)) {
            return -EFAULT;
        }
        int room = user.i32(0);
        if (room < 0) {
            return -EINVAL;
        }
        long length = value(task, socket, (int) level, (int) name, room);
        if (length < 0) {
            return length;
        }
        int n = (int) Math.min(room, length);
        return user.write(task, va, n) ? user.giveInt(task, lengthVa, n) : -EFAULT;
    }

    /** Puts the value at the start of the scratch array. @return its length or -errno */
    private long value(Task task, Socket socket, int level, int name, int room) {
        if (level == Options.SOL_SOCKET && own.isSpecial(name)) {
            return own.get(task, socket, name);
        }
        if (!belongs(socket, level)) {
            return socket.family == Socket.AF_INET6 ? -ENOPROTOOPT : -EOPNOTSUPP;
        }
        if (level == Options.TCP && socket instanceof InetSocket inet) {
            if (name == TCP_INFO) {
                return info(inet);
            }
            if (name == TCP_CONGESTION) {
                user.putString(0, "cubic", 16);
                return 16;
            }
        }
        return number(socket, level, name);
    }

    private long number(Socket socket, int level, int name) {
        if (level == Options.IPV6 && name == IPV6_V6ONLY && socket instanceof InetSocket inet) {
            return putInt(inet.v6only ? 1 : 0);
        }
        if (level == Options.TCP && name == TCP_MAXSEG) {
            return putInt(socket.state == Socket.State.ESTABLISHED ? LOOPBACK_SEGMENT : 536);
        }
        if (level == Options.IP && name == 14 || level == Options.IPV6 && name == 24) { // IP_MTU, IPV6_MTU
            return socket.state == Socket.State.ESTABLISHED ? putInt(65536) : -ENOTCONN;
        }
        Options.@Nullable Option option = Options.find(level, name);
        return option == null ? -ENOPROTOOPT : putInt(Options.value(socket, level, name, option));
    }

    private long putInt(int value) {
        user.put32(0, value);
        return 4;
    }

    /** struct tcp_info, with what there is without packets: state, segment sizes, bytes. */
    private long info(InetSocket socket) {
        user.zero(TCP_INFO_SIZE);
        user.bytes[0] = (byte) socket.state.number;
        boolean open = socket.state == Socket.State.ESTABLISHED;
        user.put32(8, 200_000); // tcpi_rto, µs
        user.put32(12, 40_000); // tcpi_ato
        user.put32(16, open ? LOOPBACK_SEGMENT : 536); // tcpi_snd_mss
        user.put32(20, open ? LOOPBACK_SEGMENT : 536); // tcpi_rcv_mss
        user.put32(24, socket.state == Socket.State.LISTEN ? socket.pending.size() : 0); // tcpi_unacked
        user.put32(28, socket.state == Socket.State.LISTEN ? socket.backlog : 0); // tcpi_sacked
        user.put32(60, 65536); // tcpi_pmtu
        user.put32(80, 10); // tcpi_snd_cwnd
        user.put32(84, LOOPBACK_SEGMENT); // tcpi_advmss
        user.put64(120, socket.bytesSent); // tcpi_bytes_acked
        user.put64(128, socket.bytesReceived); // tcpi_bytes_received
        return TCP_INFO_SIZE;
    }
}
