package vkernel.guest.net;

import org.jspecify.annotations.Nullable;
import vkernel.fs.FileOps;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.net.Message;
import vkernel.net.NetStack;
import vkernel.net.Socket;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/** Sockets as open files (Linux: socket_file_ops). */
final class SocketOps implements FileOps {
    private final SocketStack stack;
    private final InFlight inFlight;
    private final SocketIoctls ioctls;
    private final Message message = new Message();

    SocketOps(SocketStack stack, InFlight inFlight, SocketIoctls ioctls) {
        this.stack = stack;
        this.inFlight = inFlight;
        this.ioctls = ioctls;
    }

    private static Socket socket(OpenFile file) {
        return NetStack.socket(file).orElseThrow();
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        if (to.remaining() == 0) {
            return 0;
        }
        message.with(to, 0);
        long n = stack.protocol(socket(file)).receive(task, socket(file), message, !file.nonblocking());
        if (!message.files.isEmpty()) {
            inFlight.close(message.files); // nobody asked for them
        }
        return n;
    }

    /** Takes a part of what is written to a stream; the caller comes again with the rest. */
    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        message.with(from, 0);
        long n = stack.protocol(socket(file)).send(task, socket(file), message, !file.nonblocking());
        if (n == -Errno.EPIPE) {
            stack.brokenPipe(task, socket(file));
        }
        return n;
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        Socket socket = socket(file);
        if (waiter != null) {
            waiter.waitOn(socket.forInput);
            waiter.waitOn(socket.forOutput);
            if (socket instanceof UnixSocket unix && unix.peer != null && unix.type == Socket.DGRAM) {
                waiter.waitOn(unix.peer.forPeers);
            }
        }
        return stack.protocol(socket).poll(socket);
    }

    @Override
    public long ioctl(Task task, OpenFile file, int command, long argument) {
        return ioctls.ioctl(task, socket(file), command, argument);
    }

    @Override
    public void release(OpenFile file) {
        Socket socket = socket(file);
        socket.file = null;
        stack.protocol(socket).close(socket);
        inFlight.closed();
    }

    @Override
    public long sync(Task task, OpenFile file) {
        return -Errno.EINVAL;
    }
}
