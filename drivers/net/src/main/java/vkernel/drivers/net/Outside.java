package vkernel.drivers.net;

import java.util.Optional;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import vkernel.host.Network;
import vkernel.host.Switch;
import vkernel.kern.Kernel;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack.Interface;

/** The service {@link Gateway}: the way out that the option {@code net} of the kernel asks for. */
@Component(service = Gateway.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "device", attribute = "device=net")
public final class Outside implements Gateway {
    private final Gateway way;
    private final AutoCloseable end;

    @Activate
    public Outside(@Reference Kernel kernel, @Reference Network network, @Reference Switch joining) {
        String option = kernel.config().options().getOrDefault("net", "");
        if (SwitchAddress.is(option)) {
            SwitchGateway gateway = new SwitchGateway(kernel, joining, SwitchAddress.parse(option));
            way = gateway;
            end = gateway;
        } else {
            UserGateway gateway = new UserGateway(kernel, network);
            way = gateway;
            end = gateway;
        }
    }

    @Deactivate
    void deactivate() throws Exception {
        end.close();
    }

    @Override
    public Optional<Interface> link() {
        return way.link();
    }

    @Override
    public void connect(InetSocket far) {
        way.connect(far);
    }

    @Override
    public void news(InetSocket far) {
        way.news(far);
    }

    @Override
    public void send(InetSocket from, IpAddress to, int port, byte[] bytes) {
        way.send(from, to, port, bytes);
    }

    @Override
    public String faults(String rules) {
        return way.faults(rules);
    }

    @Override
    public void forget(InetSocket socket) {
        way.forget(socket);
    }
}
