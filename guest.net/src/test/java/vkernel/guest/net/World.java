package vkernel.guest.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import vkernel.fs.FsContext;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.guest.fs.contract.HeapKernel;
import vkernel.guest.fs.tmpfs.Tmpfs;
import vkernel.guest.fs.vfs.DentryVfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.kern.StateRejected;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.Message;
import vkernel.net.NetStack;
import vkernel.net.NetState;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/** Sockets on a tmpfs root, with a clock to be set, and processes whose calls are a line each. */
final class World {
    final HeapKernel heap = new HeapKernel(1 << 12);
    final Slot<Gateway> gateway = new Slot<>("gateway");
    long now = 1_000_000_000_000L;
    final Kernel kernel =
            (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[] {Kernel.class}, this::call);
    private final DentryVfs vfs = new DentryVfs(kernel);
    private final Random random = new Random(1);
    private final Path root;
    SocketStack stack = new SocketStack(kernel);

    World() {
        heap.add(new Tmpfs(kernel));
        root = vfs.mountRoot("tmpfs", "mode=0755").value();
    }

    private Object call(Object self, Method method, Object[] args) throws Throwable {
        return switch (method.getName()) {
            case "vfs" -> vfs();
            case "now" -> now;
            case "random" -> random((byte[]) args[0]);
            case "gateway" -> gateway;
            case "signalPending" -> false;
            default -> delegate(method, args);
        };
    }

    private Object delegate(Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(heap.kernel(), args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    DentryVfs vfs() {
        return vfs;
    }

    private Object random(byte[] bytes) {
        random.nextBytes(bytes);
        return null;
    }

    Task task() {
        Task task = heap.task(0, 0);
        task.fs = new FsContext(root, root);
        return task;
    }

    /** Another provider takes over. */
    void swap() {
        SocketStack next = new SocketStack(kernel);
        NetState state = stack.release();
        try {
            next.adopt(state);
        } catch (StateRejected e) {
            throw new AssertionError(e);
        }
        stack = next;
    }

    // --- calls ------------------------------------------------------------------------------------------------------

    OpenFile socket(Task task, int family, int type) {
        return stack.socket(task, family, type, 0, 0).value();
    }

    List<OpenFile> pair(Task task, int type) {
        return stack.pair(task, Socket.AF_UNIX, type, 0, 0).value();
    }

    static Socket of(OpenFile file) {
        return NetStack.socket(file).orElseThrow();
    }

    static SocketAddress loopback(int port) {
        return new SocketAddress.Inet(Socket.AF_INET, IpAddress.LOOPBACK4, port, 0);
    }

    OpenFile listener(Task task, int port, int backlog) {
        OpenFile file = socket(task, Socket.AF_INET, Socket.STREAM);
        of(file).reuseAddress = true;
        assertThat(stack.bind(task, of(file), loopback(port))).isZero();
        assertThat(stack.listen(task, of(file), backlog)).isZero();
        return file;
    }

    OpenFile connected(Task task, int port) {
        OpenFile file = socket(task, Socket.AF_INET, Socket.STREAM);
        assertThat(stack.connect(task, file, loopback(port))).isZero();
        return file;
    }

    /** Two ends of a TCP connection. */
    OpenFile[] tcp(Task task, int port) {
        OpenFile listener = listener(task, port, 1);
        OpenFile client = connected(task, port);
        OpenFile server = stack.accept(task, listener, 0).value();
        vfs.close(listener);
        return new OpenFile[] {client, server};
    }

    long send(Task task, OpenFile file, byte[] bytes, int length, List<OpenFile> files) {
        Message message = new Message().with(heap.vm().buffer(bytes, 0, length), Message.DONTWAIT | Message.NOSIGNAL);
        message.files = files;
        long n = stack.send(task, file, message);
        if (n < 0) {
            message.files.forEach(vfs::close);
        }
        return n;
    }

    long send(Task task, OpenFile file, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return send(task, file, bytes, bytes.length, List.of());
    }

    long receive(Task task, OpenFile file, byte[] to, int flags) {
        return stack.receive(task, file, new Message().with(heap.vm().buffer(to, 0, to.length), flags));
    }

    /** What is received now, or the error, in words. */
    String receive(Task task, OpenFile file) {
        byte[] to = new byte[100];
        long n = receive(task, file, to, Message.DONTWAIT);
        return n < 0 ? "-" + Errno.name((int) -n) : new String(to, 0, (int) n, StandardCharsets.ISO_8859_1);
    }

    static InetSocket inet(OpenFile file) {
        return (InetSocket) of(file);
    }
}
