package vkernel.shell;

import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.kern.Kernel;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.NetStack;
import vkernel.net.NetlinkSocket;
import vkernel.net.Socket;
import vkernel.net.UnixSocket;

/** Sockets and interfaces. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=net",
            "osgi.command.function=if",
            "osgi.command.function=sockets",
            "osgi.command.function=fault"
        })
public final class NetCommands {
    private final Kernel kernel;

    @Activate
    public NetCommands(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    /** The command {@code net:if}; Gogo finds a method of a reserved name behind an underscore. */
    @Descriptor("the interfaces, their addresses, and what went through them")
    public void _if(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("index", "name", "mtu", "addresses", "rx_bytes", "tx_bytes");
        kernel.lock();
        try {
            NetStack net = kernel.net().orNull();
            if (net != null) {
                net.interfaces()
                        .forEach(each -> table.row(
                                each.index(),
                                each.name(),
                                each.mtu(),
                                each.addresses().stream()
                                        .map(a -> a.host() + "/" + a.prefix())
                                        .collect(Collectors.joining(" ")),
                                each.traffic().receivedBytes(),
                                each.traffic().sentBytes()));
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    @Descriptor(
            "loses and delays what leaves the guest: loss 1/10, delay 20 (ms), seed 7, none; without words: as it is")
    public void fault(CommandSession session, @Descriptor("rules") String... rules) {
        Gateway.Faults now = kernel.call(() -> {
            Gateway gateway = kernel.gateway().orNull();
            if (gateway == null) {
                throw new IllegalArgumentException("this kernel has no way out");
            }
            return gateway.faults(String.join(" ", rules));
        });
        session.getConsole().println(now.toString());
    }

    @Descriptor("the sockets: kind, state, both ends, bytes that wait to be read")
    public void sockets(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("kind", "state", "local", "remote", "waiting", "inode");
        kernel.lock();
        try {
            NetStack net = kernel.net().orNull();
            if (net != null) {
                net.sockets().forEach(socket -> row(table, socket));
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    private static void row(Table table, Socket socket) {
        int waiting = socket.stream != null ? socket.stream.count : socket.queued;
        table.row(kind(socket), socket.state.name(), local(socket), remote(socket), waiting, socket.inode());
    }

    private static String kind(Socket socket) {
        return switch (socket) {
            case UnixSocket unix ->
                "unix " + (unix.type == Socket.STREAM ? "stream" : unix.type == Socket.DGRAM ? "dgram" : "seqpacket");
            case InetSocket inet -> (inet.tcp() ? "tcp" : "udp") + (inet.family == Socket.AF_INET6 ? "6" : "");
            case NetlinkSocket netlink -> "netlink";
        };
    }

    private static String local(Socket socket) {
        return switch (socket) {
            case UnixSocket unix -> unix.name == null ? "" : unix.name.replace('\0', '@');
            case InetSocket inet -> inet.local + ":" + inet.localPort;
            case NetlinkSocket netlink -> Integer.toString(netlink.port);
        };
    }

    private static String remote(Socket socket) {
        return socket instanceof InetSocket inet && inet.remotePort != 0 ? inet.remote + ":" + inet.remotePort : "";
    }
}
