package vkernel.net;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.fs.OpenFile;
import vkernel.kern.Result;
import vkernel.task.Task;

/**
 * Sockets: the service of guest.net, in the slot {@code net}. The calls are those of Linux without the ABI: types,
 * addresses and states are checked here, lengths of structures are not. Called with the kernel lock held. A call that
 * must wait puts the task on a queue and returns {@link vkernel.kern.Kernel#BLOCKED}; it keeps SO_RCVTIMEO and
 * SO_SNDTIMEO in the task's restart record, and what was moved of a stream in {@code Restart.done}.
 */
@ProviderType
public interface NetStack {
    /** The address of a socket without a name. */
    SocketAddress UNNAMED = new SocketAddress.Unix("");

    // --- calls ------------------------------------------------------------------------------------------------------

    /** socket(2). @param flags O_NONBLOCK or 0 */
    Result<OpenFile> socket(Task task, int family, int type, int protocol, int flags);

    /** socketpair(2): two files. */
    Result<List<OpenFile>> pair(Task task, int family, int type, int protocol, int flags);

    long bind(Task task, Socket socket, SocketAddress address);

    long listen(Task task, Socket socket, int backlog);

    /** accept4(2). @param flags O_NONBLOCK or 0. @return the file, BLOCKED or -errno */
    Result<OpenFile> accept(Task task, OpenFile listener, int flags);

    /** connect(2). @return 0, BLOCKED or -errno */
    long connect(Task task, OpenFile file, SocketAddress address);

    /** shutdown(2). @param how SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2 */
    long shutdown(Task task, Socket socket, int how);

    /** getsockname(2). */
    SocketAddress name(Socket socket);

    /** Whom accept(2) has let in; also when the connection has been reset since. */
    Result<SocketAddress> caller(Socket accepted);

    /** getpeername(2); -ENOTCONN. */
    Result<SocketAddress> peerName(Socket socket);

    /** sendmsg(2), EPIPE with its signal. @return bytes, BLOCKED or -errno */
    long send(Task task, OpenFile file, Message message);

    /** recvmsg(2). @return bytes (with TRUNC those of the whole message), BLOCKED or -errno */
    long receive(Task task, OpenFile file, Message message);

    /** The socket of a file; empty when it is none. */
    static Optional<Socket> socket(@Nullable OpenFile file) {
        return file != null && file.data instanceof Socket socket ? Optional.of(socket) : Optional.empty();
    }

    // --- for a gateway ----------------------------------------------------------------------------------------------

    /** A connection to the outside is there: the program's connect has succeeded. */
    void opened(InetSocket far);

    /** There will be no such connection. @param error positive error number */
    void failed(InetSocket far, int error);

    /**
     * A connection comes from outside.
     *
     * @return its far end; -ECONNREFUSED when nobody listens, -EAGAIN when no more can wait there
     */
    Result<InetSocket> enter(IpAddress from, int fromPort, IpAddress to, int port);

    /** Bytes that may come in now; while it is 0 the gateway keeps them, and is told when there is room. */
    int room(InetSocket far);

    /** Brings bytes in, not more than there is room for. */
    void bring(InetSocket far, byte[] bytes, int offset, int length);

    /** Copies the first bytes that are to go out; they stay. @return how many */
    int carry(InetSocket far, byte[] to);

    /** The first bytes have gone out. */
    void carried(InetSocket far, int bytes);

    /** The outside sends no more. */
    void finish(InetSocket far);

    /** The outside has broken the connection, or it cannot be carried any longer. */
    void abort(InetSocket far);

    /** A message for a UDP socket comes from outside. */
    void bring(InetSocket to, IpAddress from, int fromPort, byte[] bytes);

    /**
     * A message for whoever has the port comes from outside.
     *
     * @return whether somebody has it
     */
    boolean bring(IpAddress from, int fromPort, IpAddress to, int port, byte[] bytes);

    // --- to look at -------------------------------------------------------------------------------------------------

    /** The text of a file of /proc/net; empty for one that is not there. */
    String text(String file);

    /** All sockets there are. */
    List<Socket> sockets();

    List<Interface> interfaces();

    /** Shows all that passes from now on; none for one that looks already. */
    void capture(Capture capture);

    /** Shows no more; none for one that does not look. */
    void uncapture(Capture capture);

    /**
     * A network interface.
     *
     * @param flags IFF_* of netdevice(7)
     * @param addresses with the length of each one's prefix
     */
    record Interface(int index, String name, int flags, int mtu, List<Address> addresses, Traffic traffic) {}

    record Address(IpAddress host, int prefix) {}

    /** Bytes and packets that have gone through. */
    record Traffic(long receivedBytes, long receivedPackets, long sentBytes, long sentPackets) {}
}
