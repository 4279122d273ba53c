package vkernel.net;

import java.util.List;
import java.util.Map;
import java.util.Set;
import vkernel.fs.FileOps;
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
        NetCounters counters) {}
