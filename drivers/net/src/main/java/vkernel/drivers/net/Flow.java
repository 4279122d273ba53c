package vkernel.drivers.net;

import vkernel.host.Network;
import vkernel.kern.Irq;
import vkernel.kern.Kernel;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack;

/** Carries the messages of one UDP socket. Kernel lock held. */
final class Flow {
    /** Messages taken in at a time, so that others have their turn. */
    private static final int BATCH = 64;

    private final Kernel kernel;
    private final Plan plan;
    private final Weather weather;
    private final InetSocket socket;
    private final Irq irq;
    private final Network.Datagrams outside;
    private boolean closed;

    Flow(Kernel kernel, Plan plan, Network network, Weather weather, InetSocket socket) {
        this.kernel = kernel;
        this.plan = plan;
        this.weather = weather;
        this.socket = socket;
        irq = kernel.irq("net.udp", this::service);
        outside = network.datagrams(irq::raise);
    }

    void send(IpAddress to, int port, byte[] bytes) {
        if (closed) {
            return; // it was held back for longer than the socket was there
        }
        plan.out(to, port).ifPresentOrElse(address -> outside.send(bytes, address), () -> nobody(to, port, bytes));
    }

    /** Who asks for a name need not wait for a server that is not there. */
    private void nobody(IpAddress to, int port, byte[] bytes) {
        NetStack net = kernel.net().orNull();
        byte[] answer = to.equals(Plan.NAMES) && port == Plan.DOMAIN ? NoName.to(bytes) : new byte[0];
        if (net != null && answer.length > 0) {
            net.bring(socket, to, port, answer);
        }
    }

    private void service() {
        NetStack net = kernel.net().orNull();
        for (int i = 0; net != null && i < BATCH; i++) {
            Network.Arrived message = outside.receive();
            if (message == null) {
                return;
            }
            weather.send(() -> bring(message), true);
        }
        irq.raise();
    }

    private void bring(Network.Arrived message) {
        NetStack net = kernel.net().orNull();
        if (net != null && !closed) {
            net.bring(socket, plan.in(message.from()), plan.port(message.from()), message.bytes());
        }
    }

    void close() {
        closed = true;
        outside.close();
    }
}
