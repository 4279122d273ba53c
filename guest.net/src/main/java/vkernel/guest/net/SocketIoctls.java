package vkernel.guest.net;

import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.net.Datagram;
import vkernel.net.InetSocket;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/** ioctl(2) on sockets: bytes that wait (unix(7), tcp(7), udp(7)), and what is asked of interfaces (netdevice(7)). */
final class SocketIoctls {
    private static final int FIONREAD = 0x541B;
    private static final int TIOCOUTQ = 0x5411;
    private static final int SIOCATMARK = 0x8905;

    private final Kernel kernel;

    SocketIoctls(Kernel kernel) {
        this.kernel = kernel;
    }

    long ioctl(Task task, Socket socket, int command, long argument) {
        return switch (command) {
            case FIONREAD -> input(task, socket, argument);
            case TIOCOUTQ -> output(task, socket, argument);
            case SIOCATMARK -> socket.type == Socket.STREAM ? give(task, argument, 0) : -Errno.ENOTTY;
            default -> -Errno.ENOTTY;
        };
    }

    /** Bytes that can be read, of messages those of the first one. */
    private long input(Task task, Socket socket, long va) {
        if (socket.connected() && socket.state == State.LISTEN) {
            return -Errno.EINVAL;
        }
        int bytes = socket.stream != null ? socket.stream.count : 0;
        if (socket.type == Socket.SEQPACKET) {
            bytes = socket.messages.stream().mapToInt(m -> m.bytes().length).sum();
        } else if (socket.stream == null) {
            Datagram first = socket.messages.peek();
            bytes = first == null ? 0 : first.bytes().length;
        }
        return give(task, va, bytes);
    }

    /** Bytes sent that nobody has read. */
    private long output(Task task, Socket socket, long va) {
        if (socket.connected() && socket.state == State.LISTEN) {
            return -Errno.EINVAL;
        }
        Socket peer = socket instanceof UnixSocket unix ? unix.peer : null;
        boolean bytes = peer != null && peer.stream != null;
        return give(task, va, bytes ? peer.stream().count : socket instanceof InetSocket ? 0 : socket.sent);
    }

    private long give(Task task, long va, int value) {
        byte[] bytes = {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
        return kernel.vm().write(task.memory(), va, bytes, 0, bytes.length) ? 0 : -Errno.EFAULT;
    }
}
