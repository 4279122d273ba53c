import vkernel.drivers.net.Outside;
import vkernel.fs.OpenFile;
import vkernel.guest.net.SocketStack;
import vkernel.host.Network;
import vkernel.kern.Result;
import vkernel.net.IpAddress;
import vkernel.net.Message;
import vkernel.net.NetStack;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.rump.MemorySwitch;
import vkernel.rump.Partial;
import vkernel.rump.RumpKernel;
import vkernel.task.Task;

/** Two hosts with the kernel's sockets, joined by a switch in memory: a request goes one way, the answer the other. */
class TwoHosts {
    private static final IpAddress FIRST = IpAddress.v4(0x0a000301); // port 1 of the switch is 10.0.3.1

    /** A host: a kernel, its sockets, a process, and the driver that leads to the switch. */
    private static final class Host {
        final RumpKernel kernel = new RumpKernel(1 << 20);
        final SocketStack sockets;
        final Task task = kernel.task(0, 0);

        Host(MemorySwitch between, int port) {
            kernel.option("net", "switch:lab," + port);
            sockets = new SocketStack(kernel.kernel());
            kernel.add(sockets);
            Network nothing = Partial.of(Network.class, new Object());
            kernel.add(new Outside(kernel.kernel(), nothing, between));
        }

        OpenFile socket() {
            return kernel.call(() -> sockets.socket(task, Socket.AF_INET, Socket.STREAM, 0, 0).value());
        }

        void send(OpenFile file, String text) {
            byte[] bytes = text.getBytes();
            kernel.await(task, () -> sockets.send(task, file, message(bytes)));
        }

        String receive(OpenFile file) {
            byte[] bytes = new byte[100];
            long n = kernel.await(task, () -> sockets.receive(task, file, message(bytes)));
            return new String(bytes, 0, (int) n);
        }

        private Message message(byte[] bytes) {
            return new Message().with(kernel.memory().buffer(bytes, 0, bytes.length), 0);
        }
    }

    public static void main(String[] args) {
        MemorySwitch between = new MemorySwitch();
        Host server = new Host(between, 1);
        Host client = new Host(between, 2);
        SocketAddress address = new SocketAddress.Inet(Socket.AF_INET, FIRST, 80, 0);

        OpenFile listener = server.socket();
        server.kernel.call(() -> server.sockets.bind(server.task, NetStack.socket(listener).orElseThrow(), address));
        server.kernel.call(() -> server.sockets.listen(server.task, NetStack.socket(listener).orElseThrow(), 8));

        OpenFile call = client.socket();
        long error = client.kernel.await(client.task, () -> client.sockets.connect(client.task, call, address));
        System.out.println("connected: " + error);
        client.send(call, "GET /");
        Result<OpenFile> accepted = server.kernel.call(() -> server.sockets.accept(server.task, listener, 0));
        System.out.println("server received: " + server.receive(accepted.value()));
        server.send(accepted.value(), "hello");
        System.out.println("client received: " + client.receive(call));
    }
}
