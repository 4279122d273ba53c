package vkernel.guest.linux.net;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.net.Socket.AF_INET;
import static vkernel.net.Socket.AF_INET6;
import static vkernel.net.Socket.AF_NETLINK;
import static vkernel.net.Socket.AF_UNIX;
import static vkernel.net.Socket.AF_UNSPEC;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.user.User;
import vkernel.kern.Result;
import vkernel.net.IpAddress;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/** struct sockaddr and its kinds, in the scratch array. */
final class Addresses {
    /** sizeof(struct sockaddr_storage). */
    static final int MOST = 128;

    private static final int UNIX_MOST = 110;
    private static final int IN_SIZE = 16;
    private static final int IN6_SIZE = 28;
    /** sockaddr_in6 without its scope, as RFC 2133 had it. */
    private static final int IN6_LEAST = 24;

    private static final int NETLINK_SIZE = 12;

    private final User user;

    Addresses(User user) {
        this.user = user;
    }

    /**
     * The address that a program gives for a socket; of another family than the socket's it is {@link
     * SocketAddress.None}.
     *
     * @return -EINVAL, -EFAULT
     */
    Result<SocketAddress> read(Task task, Socket socket, long va, int length) {
        if (length < 0 || length > MOST) {
            return Result.error(-EINVAL);
        }
        if (!user.read(task, va, length)) {
            return Result.error(-EFAULT);
        }
        if (length < 2) {
            return Result.error(-EINVAL);
        }
        int family = user.u16(0);
        if (family != socket.family) {
            boolean stream6 = socket.family == AF_INET6 && socket.type == Socket.STREAM;
            boolean shorter =
                    family == AF_INET && length < IN_SIZE || family != AF_UNSPEC && stream6 && length < IN6_LEAST;
            return shorter ? Result.error(-EINVAL) : Result.of(foreign(socket, family));
        }
        return switch (family) {
            case AF_UNIX -> unix(length);
            case AF_INET -> length < IN_SIZE ? Result.error(-EINVAL) : Result.of(inet());
            case AF_INET6 -> length < IN6_LEAST ? Result.error(-EINVAL) : Result.of(inet6(length));
            case AF_NETLINK ->
                length < NETLINK_SIZE
                        ? Result.error(-EINVAL)
                        : Result.of(new SocketAddress.Netlink(user.i32(4), user.i32(8)));
            default -> Result.of(new SocketAddress.None(family));
        };
    }

    /** An AF_INET address can be given to UDP over IPv6, and AF_UNSPEC with no address to bind(2) an IPv4 socket. */
    private SocketAddress foreign(Socket socket, int family) {
        if (family == AF_INET && socket.family == AF_INET6 && socket.type == Socket.DGRAM) {
            return inet();
        }
        return new SocketAddress.None(family);
    }

    private Result<SocketAddress> unix(int length) {
        if (length > UNIX_MOST) {
            return Result.error(-EINVAL);
        }
        String path = new String(user.bytes, 2, length - 2, StandardCharsets.ISO_8859_1);
        int end = path.indexOf('\0');
        return Result.of(new SocketAddress.Unix(end > 0 ? path.substring(0, end) : path));
    }

    private SocketAddress inet() {
        return new SocketAddress.Inet(AF_INET, IpAddress.v4(Integer.reverseBytes(user.i32(4))), port(), 0);
    }

    private SocketAddress inet6(int length) {
        IpAddress host = new IpAddress(Long.reverseBytes(user.i64(8)), Long.reverseBytes(user.i64(16)));
        return new SocketAddress.Inet(AF_INET6, host, port(), length >= IN6_SIZE ? user.i32(24) : 0);
    }

    private int port() {
        return (user.bytes[2] & 0xff) << 8 | user.bytes[3] & 0xff;
    }

    /** Puts an address at the start of the scratch array. @return its length; 0 for none */
    int put(@Nullable SocketAddress address) {
        return switch (address) {
            case null -> 0;
            case SocketAddress.None none -> {
                user.put16(0, none.family());
                yield 2;
            }
            case SocketAddress.Unix unix -> putUnix(unix.name());
            case SocketAddress.Inet inet -> inet.family() == AF_INET ? putInet(inet) : putInet6(inet);
            case SocketAddress.Netlink netlink -> {
                user.put32(0, AF_NETLINK);
                user.put32(4, netlink.port());
                user.put32(8, netlink.groups());
                yield NETLINK_SIZE;
            }
        };
    }

    private int putUnix(String name) {
        user.put16(0, AF_UNIX);
        if (name.isEmpty()) {
            return 2;
        }
        user.putString(2, name, name.length() + 1);
        return 2 + name.length() + (name.charAt(0) == 0 ? 0 : 1);
    }

    private void putPort(int port) {
        user.bytes[2] = (byte) (port >> 8);
        user.bytes[3] = (byte) port;
    }

    private int putInet(SocketAddress.Inet inet) {
        user.put64(8, 0);
        user.put16(0, AF_INET);
        putPort(inet.port());
        user.put32(4, Integer.reverseBytes(inet.host().isV4() ? inet.host().v4() : 0));
        return IN_SIZE;
    }

    private int putInet6(SocketAddress.Inet inet) {
        user.put16(0, AF_INET6);
        putPort(inet.port());
        user.put32(4, 0);
        user.put64(8, Long.reverseBytes(inet.host().high()));
        user.put64(16, Long.reverseBytes(inet.host().low()));
        user.put32(24, inet.scope());
        return IN6_SIZE;
    }

    /**
     * Gives an address to a program that says how much room it has, and is told how much was needed.
     *
     * @param lengthVa where the room is said and the length is put
     * @return 0, -EFAULT or -EINVAL
     */
    long give(Task task, long va, long lengthVa, @Nullable SocketAddress address) {
        if (!user.read(task, lengthVa, 4)) {
            return -EFAULT;
        }
        int room = user.i32(0);
        if (room < 0) {
            return -EINVAL;
        }
        int length = put(address);
        if (!user.write(task, va, Math.min(room, length))) {
            return -EFAULT;
        }
        return user.giveInt(task, lengthVa, length);
    }
}
