package vkernel.host.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.HostException;
import vkernel.host.Network;

/** The service {@link Network} through the sockets of the JDK. */
@Component(service = Network.class)
@Capability(namespace = "vkernel.subsystem", name = "host.net")
public final class SocketNetwork implements Network {
    private static final Logger LOG = LoggerFactory.getLogger(SocketNetwork.class);
    private static final Path RESOLVER = Path.of("/etc/resolv.conf");
    private static final int DOMAIN = 53;

    private final Readiness readiness = new Readiness();

    @Activate
    public SocketNetwork() {}

    @Deactivate
    void deactivate() {
        readiness.close();
    }

    @Override
    public Stream connect(InetSocketAddress to, Runnable news) {
        try {
            return SocketStream.connect(readiness, to, news);
        } catch (IOException e) {
            throw new HostException(HostException.Reason.IO, "no socket: " + e.getMessage());
        }
    }

    @Override
    public Listener listen(InetSocketAddress at, Runnable news) {
        return new HostListener(readiness, at, news);
    }

    @Override
    public Datagrams datagrams(Runnable news) {
        return new HostDatagrams(readiness, news);
    }

    /** As resolv.conf(5) says; addresses only, so no name is looked up here. */
    @Override
    public List<InetSocketAddress> nameServers() {
        try {
            return Files.readAllLines(RESOLVER, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(words -> words.length == 2 && words[0].equals("nameserver"))
                    .filter(words -> words[1].matches("[0-9.]+|[0-9a-fA-F:]+"))
                    .map(words -> new InetSocketAddress(words[1], DOMAIN))
                    .toList();
        } catch (IOException e) {
            LOG.debug("{}", RESOLVER, e);
            return List.of();
        }
    }
}
