package vkernel.net;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vkernel.fs.FileOps;
import vkernel.kern.Faults;
import vkernel.kern.HardState;
import vkernel.kern.Slot;

/**
 * What the sockets hand over when their provider changes.
 *
 * @param ops what serves files that are sockets
 * @param sockets all there are, those included that wait to be accepted
 * @param abstractNames Unix sockets by their abstract name
 * @param tcp TCP sockets by local port
 * @param listeners of those the ones that listen
 * @param udp UDP sockets by local port
 * @param waiting ports of TCP connections that are over (TIME_WAIT), the oldest first
 * @param netlink sockets of AF_NETLINK by their address
 * @param captures who looks at what passes
 * @param counters numbers
 */
public record NetState(
        Slot<FileOps> ops,
        Set<Socket> sockets,
        Map<String, UnixSocket> abstractNames,
        Map<Integer, Set<InetSocket>> tcp,
        Map<Integer, List<InetSocket>> listeners,
        Map<Integer, Set<InetSocket>> udp,
        List<InetSocket> waiting,
        Map<Integer, NetlinkSocket> netlink,
        List<Capture> captures,
        NetCounters counters)
        implements HardState {
    private static final int PORTS = 1 << 16;

    @Override
    public List<String> faults() {
        Faults faults = new Faults();
        faults.expect(ops != null && counters != null, "nothing serves sockets, or counts")
                .all("sockets", sockets)
                .all("waiting", waiting)
                .all("captures", captures);
        abstractNames.forEach(
                (name, socket) -> faults.expect(sockets.contains(socket), "the name %s is of no socket", name));
        listeners.forEach((port, all) -> {
            ports(faults, port, all);
            for (InetSocket each : all) {
                faults.expect(each == null || each.localPort == port, "a listener of port %d is elsewhere", port);
            }
        });
        tcp.forEach((port, all) -> ports(faults, port, all));
        udp.forEach((port, all) -> ports(faults, port, all));
        return faults.list();
    }

    private static void ports(Faults faults, Integer port, Collection<InetSocket> all) {
        faults.expect(port != null && port > 0 && port < PORTS, "port %s", port).all("sockets of port " + port, all);
    }
}
