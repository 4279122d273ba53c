package vkernel.drivers.net;

import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.HostException;
import vkernel.host.Network;
import vkernel.kern.Errno;
import vkernel.kern.Irq;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack;
import vkernel.net.NetStack.Address;
import vkernel.net.NetStack.Interface;
import vkernel.net.NetStack.Traffic;

/**
 * {@link vkernel.net.Gateway} through the sockets of the host.
 */
final class UserGateway implements Way {
    private static final Logger LOG = LoggerFactory.getLogger(UserGateway.class);
    private static final int FLAGS = 0x1_1043; // IFF_UP, BROADCAST, RUNNING, MULTICAST, LOWER_UP
    private static final int MTU = 1500;
    private static final int BUFFER = 1 << 16;

    private final Kernel kernel;
    private final Network network;
    private final Plan plan;
    private final Weather weather;
    /** Connections that are looked at when the weather lets them. */
    private final Set<InetSocket> waiting = Collections.newSetFromMap(new IdentityHashMap<>());

    private final byte[] buffer = new byte[BUFFER];
    private final Map<InetSocket, Carrier> carriers = new IdentityHashMap<>();
    private final Map<InetSocket, Flow> flows = new IdentityHashMap<>();
    private final Map<Publication, Network.Listener> ports = new LinkedHashMap<>();
    private long sent;
    private long received;

    /**
     * @param published ports of this machine that lead in
     * @throws HostException when one cannot be listened at
     * @throws IllegalArgumentException when one is none
     */
    UserGateway(Kernel kernel, Network network, List<String> published) {
        this.kernel = kernel;
        this.network = network;
        weather = new Weather(kernel);
        plan = new Plan(nameServers(network, kernel.config().options().getOrDefault("nameserver", "")));
        try {
            for (String each : published) {
                lead(Publication.parse(each));
            }
        } catch (HostException | IllegalArgumentException e) {
            ports.values().forEach(Network.Listener::close);
            throw e;
        }
    }

    /** @param asked ADDR[:PORT] or none instead of whom this machine asks; empty for that one */
    private static List<InetSocketAddress> nameServers(Network network, String asked) {
        if (asked.isEmpty() || asked.equals("none")) {
            return asked.isEmpty() ? network.nameServers() : List.of();
        }
        String[] parts = asked.split(":");
        if (!parts[0].matches("[0-9.]+") || parts.length > 2) {
            throw new IllegalArgumentException("nameserver: '" + asked + "' is not ADDR[:PORT]");
        }
        int port = parts.length == 1 ? Plan.DOMAIN : Publication.port(asked, parts[1]);
        return List.of(new InetSocketAddress(parts[0], port));
    }

    @Override
    public @Nullable String publish(String port) {
        try {
            lead(Publication.parse(port));
            return null;
        } catch (HostException | IllegalArgumentException e) {
            return "cannot publish a port: " + e.getMessage();
        }
    }

    @Override
    public @Nullable String withdraw(String port) {
        try {
            Network.Listener listener = ports.remove(Publication.parse(port));
            if (listener == null) {
                return port + " is not published";
            }
            listener.close();
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @Override
    public List<String> published() {
        return ports.keySet().stream().map(Publication::toString).toList();
    }

    private void lead(Publication port) {
        Network.Listener[] listener = new Network.Listener[1];
        Irq irq = kernel.irq("net.publish", () -> accept(listener[0], port));
        listener[0] = network.listen(port.at(), irq::raise);
        ports.put(port, listener[0]);
        LOG.info("{} leads to port {} of the guest", port.at(), port.port());
        irq.raise();
    }

    @Override
    public void close() {
        ports.values().forEach(Network.Listener::close);
        kernel.call(() -> {
            flows.values().forEach(Flow::close);
            List<InetSocket> cut = carriers.values().stream()
                    .filter(Carrier::abort)
                    .map(Carrier::far)
                    .toList();
            carriers.clear();
            weather.end();
            if (!cut.isEmpty()) {
                kernel.irq("net.gone", () -> abort(kernel, cut)).raise(); // there may be no stack now, nor a kernel
            }
            return true;
        });
    }

    static void abort(Kernel kernel, List<InetSocket> cut) {
        NetStack net = kernel.net().orNull();
        if (net != null) {
            cut.forEach(net::abort);
        }
    }

    @Override
    public Optional<Interface> link() {
        Traffic traffic = new Traffic(received, 0, sent, 0);
        List<Address> addresses = List.of(new Address(Plan.SELF, Plan.PREFIX));
        return Optional.of(new Interface(2, "eth0", FLAGS, MTU, addresses, traffic));
    }

    @Override
    public Faults faults(String rules) {
        return weather.set(rules);
    }

    @Override
    public String use() {
        return carriers.isEmpty() && flows.isEmpty()
                ? ""
                : carriers.size() + " connections, " + flows.size() + " sockets of UDP";
    }

    // --- TCP --------------------------------------------------------------------------------------------------------

    @Override
    public void connect(InetSocket far) {
        var to = plan.out(far.local, far.localPort);
        if (to.isEmpty()) {
            kernel.net().get().failed(far, Errno.EHOSTUNREACH);
            return;
        }
        Irq irq = kernel.irq("net.tcp", () -> news(far));
        Network.Stream stream = network.connect(to.get(), irq::raise);
        carriers.put(far, new Carrier(far, stream, false, buffer));
        irq.raise();
    }

    private void accept(Network.Listener listener, Publication port) {
        NetStack net = kernel.net().orNull();
        if (net == null || listener == null) {
            return;
        }
        for (Network.Stream stream = listener.accept(); stream != null; stream = listener.accept()) {
            IpAddress from = plan.in(stream.peer());
            Result<InetSocket> far = net.enter(from, stream.peer().getPort(), Plan.SELF, port.port());
            if (!far.ok()) {
                stream.abort();
                continue;
            }
            carriers.put(far.value(), new Carrier(far.value(), stream, true, buffer));
            Irq irq = kernel.irq("net.tcp", () -> news(far.value()));
            stream.listener(irq::raise);
            irq.raise();
        }
    }

    @Override
    public void news(InetSocket far) {
        if (weather.fair()) {
            look(far);
        } else if (waiting.add(far)) {
            weather.send(() -> look(far), false);
        }
    }

    private void look(InetSocket far) {
        waiting.remove(far);
        Carrier carrier = carriers.get(far);
        NetStack net = kernel.net().orNull();
        if (carrier != null && net != null && carrier.service(net)) {
            carriers.remove(far);
        }
    }

    // --- UDP --------------------------------------------------------------------------------------------------------

    @Override
    public void send(InetSocket from, IpAddress to, int port, byte[] bytes) {
        sent += bytes.length;
        Flow flow = flows.computeIfAbsent(from, socket -> new Flow(kernel, plan, network, weather, socket));
        weather.send(() -> flow.send(to, port, bytes), true);
    }

    @Override
    public void forget(InetSocket socket) {
        Flow flow = flows.remove(socket);
        if (flow != null) {
            flow.close();
        }
    }
}
