package vkernel.drivers.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import vkernel.fs.OpenFile;
import vkernel.guest.net.SocketStack;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.net.IpAddress;
import vkernel.net.Message;
import vkernel.net.NetStack;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.rump.RumpKernel;
import vkernel.task.Task;

/** A kernel with the sockets of guest.net and a process that uses them. */
final class SmallHost {
    private static final int MOST = 100;

    final RumpKernel kernel = new RumpKernel(1 << 20);
    private final SocketStack sockets;
    private final Task task = kernel.task(0, 0);

    /** @param option of the kernel, which says where the way out leads */
    SmallHost(String option, String value) {
        kernel.option(option, value);
        sockets = new SocketStack(kernel.kernel());
        kernel.add(sockets);
    }

    private OpenFile socket() {
        return kernel.call(
                () -> sockets.socket(task, Socket.AF_INET, Socket.STREAM, 0, 0).value());
    }

    private static SocketAddress at(IpAddress address, int port) {
        return new SocketAddress.Inet(Socket.AF_INET, address, port, 0);
    }

    /** Listens at every address. */
    OpenFile listener(int port) {
        OpenFile file = socket();
        Socket socket = NetStack.socket(file).orElseThrow();
        kernel.call(() -> {
            assertThat(sockets.bind(task, socket, at(IpAddress.v4(0), port))).isZero();
            assertThat(sockets.listen(task, socket, 8)).isZero();
            return true;
        });
        return file;
    }

    /** Waits for the connection. */
    OpenFile connected(IpAddress address, int port) {
        OpenFile file = socket();
        assertThat(kernel.await(task, () -> sockets.connect(task, file, at(address, port))))
                .isZero();
        return file;
    }

    /** Waits for one to accept. */
    OpenFile accepted(OpenFile listener) {
        OpenFile[] file = new OpenFile[1];
        long error = kernel.await(task, () -> {
            Result<OpenFile> accepted = sockets.accept(task, listener, 0);
            if (accepted.ok()) {
                file[0] = accepted.value();
            }
            return accepted.error();
        });
        assertThat(error).isZero();
        return file[0];
    }

    void send(OpenFile file, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(kernel.await(task, () -> sockets.send(task, file, message(bytes))))
                .isEqualTo(bytes.length);
    }

    /** Waits for something to receive. @return it, or the error in words */
    String receive(OpenFile file) {
        byte[] bytes = new byte[MOST];
        long n = kernel.await(task, () -> sockets.receive(task, file, message(bytes)));
        return n < 0 ? "-" + Errno.name((int) -n) : new String(bytes, 0, (int) n, StandardCharsets.ISO_8859_1);
    }

    private Message message(byte[] bytes) {
        return new Message().with(kernel.memory().buffer(bytes, 0, bytes.length), Message.NOSIGNAL);
    }
}
