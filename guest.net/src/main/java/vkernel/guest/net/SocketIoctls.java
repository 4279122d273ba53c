package vkernel.guest.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.net.Datagram;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack.Address;
import vkernel.net.NetStack.Interface;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/**
 * ioctl(2) on sockets: bytes that wait (unix(7), tcp(7), udp(7)), and what is asked of interfaces (netdevice(7)). A struct
 * ifreq has a name of 16 bytes and a value of 24.
 */
final class SocketIoctls {
    private static final int FIONREAD = 0x541B, TIOCOUTQ = 0x5411, SIOCATMARK = 0x8905;
    private static final int GIFNAME = 0x8910, GIFCONF = 0x8912, GIFFLAGS = 0x8913, GIFADDR = 0x8915;
    private static final int GIFDSTADDR = 0x8917, GIFBRDADDR = 0x8919, GIFNETMASK = 0x891b, GIFMETRIC = 0x891d;
    private static final int GIFMTU = 0x8921, GIFHWADDR = 0x8927, GIFINDEX = 0x8933, GIFTXQLEN = 0x8942;
    /** First and last of the calls about interfaces; even ones change something. */
    private static final int FIRST = 0x8910;

    private static final int LAST = 0x8943;
    private static final int NAME = 16;
    private static final int IFREQ = 40;

    private final Kernel kernel;
    private final Routes routes;
    private final byte[] bytes = new byte[1024];

    SocketIoctls(Kernel kernel, Routes routes) {
        this.kernel = kernel;
        this.routes = routes;
    }

    long ioctl(Task task, Socket socket, int command, long argument) {
        return switch (command) {
            case FIONREAD -> input(task, socket, argument);
            case TIOCOUTQ -> output(task, socket, argument);
            case SIOCATMARK -> socket.type == Socket.STREAM ? giveInt(task, argument, 0) : -Errno.ENOTTY;
            case GIFCONF -> configuration(task, argument);
            default -> command >= FIRST && command <= LAST ? ofInterface(task, command, argument) : -Errno.ENOTTY;
        };
    }

    /** Bytes that can be read, of messages those of the first one. */
    private long input(Task task, Socket socket, long va) {
        if (socket.connected() && socket.state == State.LISTEN) {
            return -Errno.EINVAL;
        }
        int count = socket.stream != null ? socket.stream.count : 0;
        if (socket.type == Socket.SEQPACKET) {
            count = socket.messages.stream().mapToInt(m -> m.bytes().length).sum();
        } else if (socket.stream == null) {
            Datagram first = socket.messages.peek();
            count = first == null ? 0 : first.bytes().length;
        }
        return giveInt(task, va, count);
    }

    /** Bytes sent that nobody has read; over TCP they have arrived then. */
    private long output(Task task, Socket socket, long va) {
        if (socket.connected() && socket.state == State.LISTEN) {
            return -Errno.EINVAL;
        }
        Socket peer = socket instanceof UnixSocket unix ? unix.peer : null;
        boolean stream = peer != null && peer.stream != null;
        return giveInt(task, va, stream ? peer.stream().count : socket instanceof InetSocket ? 0 : socket.sent);
    }

    private boolean read(Task task, long va, int length) {
        return kernel.vm().read(task.memory(), va, bytes, 0, length);
    }

    private long give(Task task, long va, int length) {
        return kernel.vm().write(task.memory(), va, bytes, 0, length) ? 0 : -Errno.EFAULT;
    }

    private long giveInt(Task task, long va, int value) {
        putInt(0, value);
        return give(task, va, 4);
    }

    private void putInt(int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >> 8 * i);
        }
    }

    private long getLong(int at, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }

    private void clear(int at, int length) {
        Arrays.fill(bytes, at, at + length, (byte) 0);
    }

    private void putName(int at, String name) {
        clear(at, NAME);
        System.arraycopy(name.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, at, name.length());
    }

    /** struct sockaddr_in. */
    private void putAddress(int at, int address) {
        clear(at, IFREQ - NAME);
        bytes[at] = Socket.AF_INET;
        putInt(at + 4, Integer.reverseBytes(address));
    }

    private static Optional<Address> four(Interface each) {
        return each.addresses().stream().filter(a -> a.host().isV4()).findFirst();
    }

    /** struct ifconf: a length, and where to put as many struct ifreq. */
    private long configuration(Task task, long va) {
        if (!read(task, va, 16)) {
            return -Errno.EFAULT;
        }
        int room = (int) getLong(0, 4);
        long to = getLong(8, 8);
        int used = 0;
        for (Interface each : routes.interfaces()) {
            IpAddress host = four(each).map(Address::host).orElse(IpAddress.ANY4);
            if (to == 0 || room - used >= IFREQ) {
                putName(0, each.name());
                putAddress(NAME, host.v4());
                if (to != 0 && give(task, to + used, IFREQ) != 0) {
                    return -Errno.EFAULT;
                }
                used += IFREQ;
            }
        }
        return giveInt(task, va, used);
    }

    private long ofInterface(Task task, int command, long va) {
        if (!read(task, va, IFREQ)) {
            return -Errno.EFAULT;
        }
        List<Interface> all = routes.interfaces();
        String name = new String(bytes, 0, NAME, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
        int index = (int) getLong(NAME, 4);
        Optional<Interface> found = all.stream()
                .filter(each ->
                        command == GIFNAME ? each.index() == index : each.name().equals(name))
                .findFirst();
        if (found.isEmpty()) {
            return -Errno.ENODEV;
        }
        long error = answer(found.get(), command);
        return error == 0 ? give(task, va, IFREQ) : error;
    }

    private long answer(Interface each, int command) {
        int host = four(each).map(a -> a.host().v4()).orElse(0);
        int mask = four(each).map(a -> -1 << 32 - a.prefix()).orElse(0);
        boolean loopback = each.addresses().stream().anyMatch(a -> a.host().isLoopback());
        clear(NAME, IFREQ - NAME);
        switch (command) {
            case GIFNAME -> putName(0, each.name());
            case GIFFLAGS -> putInt(NAME, each.flags() & 0xffff);
            case GIFADDR, GIFDSTADDR -> putAddress(NAME, host);
            case GIFBRDADDR -> putAddress(NAME, loopback ? 0 : host | ~mask);
            case GIFNETMASK -> putAddress(NAME, mask);
            case GIFMETRIC -> putInt(NAME, 0);
            case GIFMTU -> putInt(NAME, each.mtu());
            case GIFINDEX -> putInt(NAME, each.index());
            case GIFTXQLEN -> putInt(NAME, 1000);
            case GIFHWADDR -> {
                byte[] hardware = RouteMessages.hardware(each);
                putInt(NAME, loopback ? 772 : 1);
                System.arraycopy(hardware, 0, bytes, NAME + 2, hardware.length);
            }
            default -> {
                return -Errno.EPERM; // nothing can be changed
            }
        }
        return 0;
    }
}
