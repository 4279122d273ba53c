package vkernel.guest.net;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.net.Capture;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.Message;
import vkernel.net.NetStack;
import vkernel.net.NetState;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.net.Ucred;
import vkernel.net.UnixSocket;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** The service {@link NetStack}: hands each call to the protocol of its socket. */
@Component(service = NetStack.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "net")
public final class SocketStack implements NetStack, Swappable<NetState> {
    /** Most connections that can wait to be accepted (net.core.somaxconn). */
    private static final int MOST_PENDING = 4096;

    private final Kernel kernel;
    /** Null once the state was given up. */
    private @Nullable Chapters chapters;

    @Activate
    public SocketStack(@Reference Kernel kernel) {
        this.kernel = kernel;
        chapters = new Chapters(this, new Tables(kernel));
    }

    private Chapters in() {
        Chapters now = chapters;
        if (now == null) {
            throw new IllegalStateException("the state was given up");
        }
        return now;
    }

    Protocol protocol(Socket socket) {
        return in().of(socket);
    }

    @Override
    public NetState release() {
        Tables tables = in().tables;
        chapters = null;
        tables.ops.fill(null);
        return tables.state();
    }

    @Override
    public void adopt(NetState state) throws StateRejected {
        if (state.counters().memory < 0) {
            throw new StateRejected("buffers of less than nothing");
        }
        chapters = new Chapters(this, new Tables(kernel, state));
    }

    // --- sockets come -----------------------------------------------------------------------------------------------

    @Override
    public Result<OpenFile> socket(Task task, int family, int type, int protocol, int flags) {
        if (kernel.vfs().openFiles() >= kernel.vfs().maxFiles()) {
            return Result.error(-Errno.ENFILE);
        }
        Result<Socket> made = in().make(task, family, type, protocol);
        return made.ok() ? Result.of(file(task, made.value(), flags)) : made.failure();
    }

    @Override
    public Result<List<OpenFile>> pair(Task task, int family, int type, int protocol, int flags) {
        if (kernel.vfs().openFiles() + 2 > kernel.vfs().maxFiles()) {
            return Result.error(-Errno.ENFILE);
        }
        Result<Socket> a = in().make(task, family, type, protocol);
        Result<Socket> b = a.ok() ? in().make(task, family, type, protocol) : a;
        if (!b.ok()) {
            return b.failure();
        }
        if (!(a.value() instanceof UnixSocket one && b.value() instanceof UnixSocket other)) {
            in().of(a.value()).close(a.value());
            in().of(b.value()).close(b.value());
            return Result.error(-Errno.EOPNOTSUPP);
        }
        UnixConnections.marry(one, other);
        one.peerCredentials = other.peerCredentials = Ucred.of(task);
        return Result.of(List.of(file(task, one, flags), file(task, other, flags)));
    }

    private OpenFile file(Task task, Socket socket, int flags) {
        OpenFile file = kernel.vfs()
                .anonymous("socket", Mode.S_IFSOCK | 0777, in().tables.ops, Mode.O_RDWR | flags & Mode.O_NONBLOCK);
        Inode inode = file.inode();
        inode.uid = task.credentials.fsuid();
        inode.gid = task.credentials.fsgid();
        file.data = socket;
        socket.file = file;
        return file;
    }

    @Override
    public Result<OpenFile> accept(Task task, OpenFile listener, int flags) {
        Socket socket = NetStack.socket(listener).orElseThrow();
        if (kernel.vfs().openFiles() >= kernel.vfs().maxFiles()) {
            return Result.error(-Errno.ENFILE);
        }
        Result<Socket> next = protocol(socket).accept(task, listener, socket);
        return next.ok() ? Result.of(file(task, next.value(), flags)) : next.failure();
    }

    // --- names ------------------------------------------------------------------------------------------------------

    @Override
    public long bind(Task task, Socket socket, SocketAddress address) {
        return protocol(socket).bind(task, socket, address);
    }

    @Override
    public long listen(Task task, Socket socket, int backlog) {
        int most = backlog < 0 || backlog > MOST_PENDING ? MOST_PENDING : backlog;
        return protocol(socket).listen(task, socket, most);
    }

    @Override
    public long connect(Task task, OpenFile file, SocketAddress address) {
        Socket socket = NetStack.socket(file).orElseThrow();
        return protocol(socket).connect(task, file, socket, address);
    }

    @Override
    public long shutdown(Task task, Socket socket, int how) {
        return how < 0 || how > 2 ? -Errno.EINVAL : protocol(socket).shutdown(socket, how + 1);
    }

    @Override
    public SocketAddress name(Socket socket) {
        return protocol(socket).name(socket);
    }

    @Override
    public Result<SocketAddress> caller(Socket accepted) {
        return protocol(accepted).caller(accepted);
    }

    @Override
    public Result<SocketAddress> peerName(Socket socket) {
        return protocol(socket).peerName(socket);
    }

    // --- messages ---------------------------------------------------------------------------------------------------

    @Override
    public long send(Task task, OpenFile file, Message message) {
        Socket socket = NetStack.socket(file).orElseThrow();
        Protocol protocol = protocol(socket);
        boolean waits = !file.nonblocking() && !message.has(Message.DONTWAIT);
        long done = task.restart.done;
        while (true) {
            long n = protocol.send(task, socket, message, waits);
            if (n == Kernel.BLOCKED) {
                task.restart.done = done;
                return n;
            }
            if (n < 0) {
                if (n == -Errno.EPIPE && done == 0 && !message.has(Message.NOSIGNAL)) {
                    brokenPipe(task, socket);
                }
                return done > 0 ? done : n;
            }
            done += n;
            if (n == 0 || message.data().remaining() == 0 || message.data().faulted() || socket.stream == null) {
                return done;
            }
        }
    }

    /** A write to a stream that nobody reads. Messages give no signal. */
    void brokenPipe(Task task, Socket socket) {
        if (socket.connected()) {
            kernel.signal(task, SigInfo.user(Signal.SIGPIPE, task.process.pid, task.credentials.uid()));
        }
    }

    @Override
    public long receive(Task task, OpenFile file, Message message) {
        Socket socket = NetStack.socket(file).orElseThrow();
        boolean waits = !file.nonblocking() && !message.has(Message.DONTWAIT);
        return protocol(socket).receive(task, socket, message, waits);
    }

    // --- for a gateway ----------------------------------------------------------------------------------------------

    @Override
    public void opened(InetSocket far) {
        in().handshake.opened(far);
    }

    @Override
    public void failed(InetSocket far, int error) {
        in().handshake.failed(far, error);
    }

    @Override
    public Result<InetSocket> enter(IpAddress from, int fromPort, IpAddress to, int port) {
        return in().handshake.enter(from, fromPort, to, port);
    }

    @Override
    public int room(InetSocket far) {
        return in().uplink.room(far);
    }

    @Override
    public void bring(InetSocket far, byte[] bytes, int offset, int length) {
        in().uplink.bring(far, bytes, offset, length);
    }

    @Override
    public int carry(InetSocket far, byte[] to) {
        return in().uplink.carry(far, to);
    }

    @Override
    public void carried(InetSocket far, int bytes) {
        in().uplink.carried(far, bytes);
    }

    @Override
    public void finish(InetSocket far) {
        in().uplink.finish(far);
    }

    @Override
    public void abort(InetSocket far) {
        in().uplink.abort(far);
    }

    @Override
    public void bring(InetSocket to, IpAddress from, int fromPort, byte[] bytes) {
        in().udp.bring(to, from, fromPort, bytes);
    }

    @Override
    public boolean bring(IpAddress from, int fromPort, IpAddress to, int port, byte[] bytes) {
        return in().udp.bring(from, fromPort, to, port, bytes);
    }

    // --- to look at -------------------------------------------------------------------------------------------------

    @Override
    public String text(String file) {
        return in().procNet.text(file);
    }

    @Override
    public List<Socket> sockets() {
        return List.copyOf(in().tables.sockets);
    }

    @Override
    public List<Interface> interfaces() {
        return in().routes.interfaces();
    }

    @Override
    public void capture(Capture capture) {
        List<Capture> captures = in().tables.captures;
        if (!captures.contains(capture)) {
            captures.add(capture);
        }
    }

    @Override
    public void uncapture(Capture capture) {
        in().tables.captures.remove(capture);
    }
}
