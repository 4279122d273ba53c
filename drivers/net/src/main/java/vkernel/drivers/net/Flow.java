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
        plan.out(to, port).ifPresent(address -> outside.send(bytes, address));
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
            net.bring(socket, plan.in(message.from()), message.from().getPort(), message.bytes());
        }
    }

    void close() {
        closed = true;
        outside.close();
    }
}
