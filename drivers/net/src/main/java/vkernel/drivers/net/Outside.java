package vkernel.drivers.net;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.HostException;
import vkernel.host.Network;
import vkernel.host.Switch;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.OpenState;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack;
import vkernel.net.NetStack.Interface;

/**
 * The service {@link Gateway}: the way out that the options {@code net} and {@code publish} of the kernel ask for, or
 * who plugs one in while it runs. A successor opens the same one; what goes through is cut.
 */
@Component(service = Gateway.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "device", attribute = "device=net")
public final class Outside implements Gateway, Swappable<OpenState> {
    private static final Logger LOG = LoggerFactory.getLogger(Outside.class);
    private static final String USER = "user";
    private static final String NONE = "none";

    private final Kernel kernel;
    private final Network network;
    private final Switch joining;
    /** Ports of the machine's that lead in when a way out is opened: those asked for at first, or a predecessor's. */
    private List<String> ports;
    /** Where it leads, as the option says it; empty for nowhere. Kernel lock. */
    private String where;

    private @Nullable Way way;

    @Activate
    public Outside(@Reference Kernel kernel, @Reference Network network, @Reference Switch joining) {
        this.kernel = kernel;
        this.network = network;
        this.joining = joining;
        Map<String, String> options = kernel.config().options();
        ports = words(options.getOrDefault("publish", ""));
        String asked = options.getOrDefault("net", "");
        where = asked.isEmpty() || asked.equals(NONE) ? ports.isEmpty() ? "" : USER : asked;
        if (kernel.gateway().orNull() == null) { // else the one that is there has the ports until it hands over
            begin();
        }
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
    }

    private void begin() {
        String why = where.isEmpty() ? null : open();
        if (why != null) {
            LOG.warn("no way out: {}", why);
            kernel.shutdown(new End(End.Kind.PANIC, 255, why));
        }
    }

    /** @return why not */
    private @Nullable String open() {
        try {
            if (SwitchAddress.is(where)) {
                way = new SwitchGateway(kernel, joining, SwitchAddress.parse(where));
            } else if (where.equals(USER)) {
                way = new UserGateway(kernel, network, ports);
            } else {
                return where + " is none of user, switch:NAME, unix:FILE";
            }
            return null;
        } catch (HostException | IllegalArgumentException e) {
            return (SwitchAddress.is(where) ? "no switch: " : "cannot publish a port: ") + e.getMessage();
        }
    }

    @Deactivate
    void deactivate() {
        kernel.call(() -> {
            shut();
            return true;
        });
    }

    private void shut() {
        Way now = way;
        way = null;
        if (now != null) {
            now.close();
        }
    }

    @Override
    public OpenState release() {
        ports = published();
        shut();
        return new OpenState(1, Map.of("where", where, "ports", String.join(" ", ports)));
    }

    @Override
    public void adopt(OpenState state) throws StateRejected {
        if (state.schema() != 1 || !(state.values().get("where") instanceof String asked)) {
            throw new StateRejected("not the state of a way out: " + state);
        }
        where = asked;
        ports = state.values().get("ports") instanceof String all ? words(all) : ports;
        String why = where.isEmpty() ? null : open();
        if (why != null) {
            throw new StateRejected(why);
        }
    }

    @Override
    public @Nullable String attach(String asked) {
        if (way != null) {
            return "net0 is there already: " + where;
        }
        where = asked;
        String why = open();
        where = why == null ? where : "";
        return why;
    }

    @Override
    public @Nullable String detach() {
        Way now = way;
        if (now == null) {
            return "there is no net0";
        }
        if (!now.use().isEmpty()) {
            return "net0 is in use: " + now.use();
        }
        shut();
        where = "";
        ports = List.of();
        return null;
    }

    @Override
    public @Nullable String publish(String port) {
        Way now = way;
        if (now != null) {
            return now.publish(port);
        }
        ports = List.of(port);
        String why = attach(USER);
        ports = List.of();
        return why;
    }

    @Override
    public @Nullable String withdraw(String port) {
        Way now = way;
        return now == null ? "there is no net0" : now.withdraw(port);
    }

    @Override
    public List<String> published() {
        Way now = way;
        return now == null ? List.of() : now.published();
    }

    @Override
    public String use() {
        return way == null ? "" : way.use();
    }

    @Override
    public Optional<Interface> link() {
        return way == null ? Optional.empty() : way.link();
    }

    @Override
    public void connect(InetSocket far) {
        Way now = way;
        NetStack net = kernel.net().orNull();
        if (now != null) {
            now.connect(far);
        } else if (net != null) {
            net.failed(far, Errno.ENETUNREACH);
        }
    }

    @Override
    public void news(InetSocket far) {
        if (way != null) {
            way.news(far);
        }
    }

    @Override
    public void send(InetSocket from, IpAddress to, int port, byte[] bytes) {
        if (way != null) {
            way.send(from, to, port, bytes);
        }
    }

    @Override
    public Faults faults(String rules) {
        if (way == null) {
            throw new IllegalArgumentException("there is no net0");
        }
        return way.faults(rules);
    }

    @Override
    public void forget(InetSocket socket) {
        if (way != null) {
            way.forget(socket);
        }
    }
}
