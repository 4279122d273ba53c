package vkernel.guest.linux.net;

import static vkernel.kern.Errno.EDOM;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENODATA;
import static vkernel.kern.Errno.ENODEV;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOPROTOOPT;
import static vkernel.kern.Errno.ENOTCONN;
import static vkernel.kern.Errno.EPERM;

import java.nio.charset.StandardCharsets;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.SocketAddress;
import vkernel.net.Ucred;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** The options of SOL_SOCKET that do something (socket(7), unix(7)). */
final class SocketOptions {
    private static final int REUSEADDR = 2, TYPE = 3, ERROR = 4, BROADCAST = 6, SNDBUF = 7, RCVBUF = 8;
    private static final int LINGER = 13, REUSEPORT = 15, PASSCRED = 16, PEERCRED = 17, RCVLOWAT = 18, SNDLOWAT = 19;
    private static final int RCVTIMEO = 20, SNDTIMEO = 21, BINDTODEVICE = 25, ATTACH_FILTER = 26, DETACH_FILTER = 27;
    private static final int PEERNAME = 28, TIMESTAMP = 29, ACCEPTCONN = 30, PEERSEC = 31, SNDBUFFORCE = 32;
    private static final int RCVBUFFORCE = 33, PROTOCOL = 38, DOMAIN = 39, COOKIE = 57, PEERGROUPS = 59;
    private static final long SPECIAL = bits(
            REUSEADDR,
            TYPE,
            ERROR,
            BROADCAST,
            SNDBUF,
            RCVBUF,
            LINGER,
            REUSEPORT,
            PASSCRED,
            PEERCRED,
            RCVLOWAT,
            SNDLOWAT,
            RCVTIMEO,
            SNDTIMEO,
            BINDTODEVICE,
            ATTACH_FILTER,
            DETACH_FILTER,
            PEERNAME,
            TIMESTAMP,
            ACCEPTCONN,
            PEERSEC,
            SNDBUFFORCE,
            RCVBUFFORCE,
            PROTOCOL,
            DOMAIN,
            COOKIE,
            PEERGROUPS);

    private final Kernel kernel;
    private final User user;
    private final Times times;
    private final Addresses addresses;

    SocketOptions(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        times = new Times(user);
        addresses = new Addresses(user);
    }

    private static long bits(int... names) {
        long bits = 0;
        for (int name : names) {
            bits |= 1L << name;
        }
        return bits;
    }

    boolean isSpecial(int name) {
        return name >= 0 && name < Long.SIZE && (SPECIAL >>> name & 1) != 0;
    }

    long set(Task task, Socket socket, int name, long va, int length) {
        if (name == BINDTODEVICE) {
            return bindToDevice(task, va, length);
        }
        if (length < 4) {
            return -EINVAL;
        }
        if (!user.read(task, va, Math.min(length, 16))) {
            return -EFAULT;
        }
        int value = user.i32(0);
        boolean on = value != 0;
        switch (name) {
            case REUSEADDR -> socket.reuseAddress = on;
            case BROADCAST -> socket.broadcast = on;
            case REUSEPORT -> socket.reusePort = on;
            case TIMESTAMP -> socket.timestamps = on;
            case PASSCRED -> socket.passCredentials = on;
            case RCVLOWAT -> socket.lowWater = value < 0 ? Integer.MAX_VALUE : Math.max(1, value);
            case SNDBUF, RCVBUF -> buffer(socket, name == SNDBUF, Math.min(value, Socket.BUFFER));
            case SNDBUFFORCE, RCVBUFFORCE -> {
                if (!task.credentials.can(Credentials.CAP_NET_ADMIN)) {
                    return -EPERM;
                }
                buffer(socket, name == SNDBUFFORCE, Math.clamp(value, 0, Socket.MOST_BUFFER));
            }
            case LINGER -> {
                if (length < 8) {
                    return -EINVAL;
                }
                socket.linger = on ? Math.clamp(user.i32(4), 0, Integer.MAX_VALUE) : -1;
            }
            case RCVTIMEO, SNDTIMEO -> {
                return timeout(socket, name == SNDTIMEO, length);
            }
            case ATTACH_FILTER -> {
                return -EINVAL;
            }
            case DETACH_FILTER -> {
                return -ENOENT;
            }
            default -> {
                return -ENOPROTOOPT;
            }
        }
        return 0;
    }

    /** Linux keeps twice what was asked for: the other half is for what surrounds the bytes. */
    private void buffer(Socket socket, boolean send, int value) {
        int bytes = value < 0 ? Socket.MOST_BUFFER : value * 2;
        if (send) {
            socket.sendBuffer = Math.max(Socket.LEAST_BUFFER, bytes);
            socket.sendBufferSet = true;
            kernel.wake(socket.forOutput);
        } else {
            socket.receiveBuffer = Math.max(Socket.LEAST_BUFFER / 2, bytes);
            socket.receiveBufferSet = true;
        }
    }

    private long timeout(Socket socket, boolean send, int length) {
        if (length < 16) {
            return -EINVAL;
        }
        long micros = user.i64(8);
        if (micros < 0 || micros >= 1_000_000) {
            return -EDOM;
        }
        // a negative time waits for nothing
        long nanos = user.i64(0) < 0 ? 1 : times.timevalAt(0);
        long kept = nanos >= Times.MAX ? 0 : nanos;
        if (send) {
            socket.sendTimeout = kept;
        } else {
            socket.receiveTimeout = kept;
        }
        return 0;
    }

    private long bindToDevice(Task task, long va, int length) {
        int n = Math.min(length, 15);
        if (!user.read(task, va, n)) {
            return -EFAULT;
        }
        String name = new String(user.bytes, 0, n, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
        boolean known = name.isEmpty()
                || kernel.net().get().interfaces().stream()
                        .anyMatch(each -> each.name().equals(name));
        return known ? 0 : -ENODEV;
    }

    /** Puts the value at the start of the scratch array. @return its length or -errno */
    long get(Task task, Socket socket, int name) {
        return switch (name) {
            case REUSEADDR -> flag(socket.reuseAddress);
            case BROADCAST -> flag(socket.broadcast);
            case REUSEPORT -> flag(socket.reusePort);
            case TIMESTAMP -> flag(socket.timestamps);
            case PASSCRED -> flag(socket.passCredentials);
            case ACCEPTCONN -> flag(socket.state == State.LISTEN);
            case TYPE -> put(socket.type);
            case PROTOCOL -> put(socket.protocol);
            case DOMAIN -> put(socket.family);
            case ERROR -> put((int) -socket.takeError());
            case SNDBUF -> put(socket.sendBuffer);
            case RCVBUF -> put(socket.receiveBuffer);
            case RCVLOWAT -> put(socket.lowWater);
            case SNDLOWAT -> put(1);
            case LINGER -> {
                user.put32(0, socket.linger >= 0 ? 1 : 0);
                user.put32(4, Math.max(0, socket.linger));
                yield 8;
            }
            case RCVTIMEO -> time(socket.receiveTimeout);
            case SNDTIMEO -> time(socket.sendTimeout);
            case PEERCRED -> peer(socket.peerCredentials);
            case PEERNAME -> peerName(socket);
            case PEERSEC -> -ENOPROTOOPT;
            case PEERGROUPS -> socket.peerCredentials.pid() == 0 ? -ENODATA : put(socket.peerCredentials.gid());
            case COOKIE -> {
                user.put64(0, socket.inode());
                yield 8;
            }
            case BINDTODEVICE -> 0;
            default -> -ENOPROTOOPT;
        };
    }

    private long put(int value) {
        user.put32(0, value);
        return 4;
    }

    private long flag(boolean value) {
        return put(value ? 1 : 0);
    }

    private long time(long nanos) {
        times.putTimeval(0, nanos);
        return 16;
    }

    private long peer(Ucred who) {
        user.put32(0, who.pid());
        user.put32(4, who.uid());
        user.put32(8, who.gid());
        return 12;
    }

    private long peerName(Socket socket) {
        Result<SocketAddress> peer = kernel.net().get().peerName(socket);
        return peer.ok() ? addresses.put(peer.value()) : -ENOTCONN;
    }
}
