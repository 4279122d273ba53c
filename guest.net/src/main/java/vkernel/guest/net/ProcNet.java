package vkernel.guest.net;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack.Address;
import vkernel.net.NetStack.Interface;
import vkernel.net.NetlinkSocket;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.UnixSocket;

/** The files of /proc/net (proc(5), proc_pid_net(5)), in Linux's columns. */
final class ProcNet {
    private static final String COLUMNS =
            " local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid" + "  timeout inode";

    private final Tables tables;
    private final Routes routes;

    ProcNet(Tables tables, Routes routes) {
        this.tables = tables;
        this.routes = routes;
    }

    String text(String file) {
        return switch (file) {
            case "arp" -> "IP address       HW type     Flags       HW address            Mask     Device\n";
            case "dev" -> interfaces();
            case "if_inet6" -> addresses();
            case "netlink" -> netlink();
            case "raw" -> "  sl " + COLUMNS + " ref pointer drops\n";
            case "route" ->
                String.format(
                        "%-127s\n",
                        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT");
            case "sockstat" -> statistics();
            case "tcp" -> sockets(tables.tcp, Socket.AF_INET, InetSocket.TCP);
            case "tcp6" -> sockets(tables.tcp, Socket.AF_INET6, InetSocket.TCP);
            case "udp" -> sockets(tables.udp, Socket.AF_INET, InetSocket.UDP);
            case "udp6" -> sockets(tables.udp, Socket.AF_INET6, InetSocket.UDP);
            case "udplite" -> sockets(tables.udp, Socket.AF_INET, InetSocket.UDPLITE);
            case "udplite6" -> sockets(tables.udp, Socket.AF_INET6, InetSocket.UDPLITE);
            case "unix" -> unix();
            default -> "";
        };
    }

    private String sockets(Map<Integer, Set<InetSocket>> table, int family, int protocol) {
        boolean tcp = protocol == InetSocket.TCP;
        String title = (tcp ? "  sl " : "   sl ")
                + (family == Socket.AF_INET ? COLUMNS : six())
                + (tcp ? "" : " ref pointer drops");
        StringBuilder text = new StringBuilder(
                family == Socket.AF_INET ? String.format(tcp ? "%-149s\n" : "%-127s\n", title) : title + "\n");
        List<InetSocket> all = new ArrayList<>();
        table.values()
                .forEach(set -> set.stream()
                        .filter(s -> s.family == family && s.protocol == protocol)
                        .forEach(all::add));
        all.sort(Comparator.comparing((InetSocket s) -> s.state != State.LISTEN).thenComparing(s -> s.localPort));
        int row = 0;
        for (InetSocket socket : all) {
            text.append(tcp ? tcp(row++, socket) : udp(row++, socket)).append('\n');
        }
        return text.toString();
    }

    private static String six() {
        return COLUMNS.replace(
                " local_address rem_address   st",
                " local_address                         remote_address" + "                        st");
    }

    private static String ends(InetSocket s) {
        return hex(s, s.local)
                + String.format(":%04X ", s.localPort)
                + hex(s, s.remote)
                + String.format(":%04X", s.remotePort);
    }

    private static String tcp(int row, InetSocket s) {
        InetSocket peer = s.peer;
        boolean listens = s.state == State.LISTEN;
        int sent = listens || peer == null ? 0 : peer.stream().count;
        int received = listens ? s.pending.size() : s.stream().count;
        String line = String.format(
                "%4d: %s %02X %08X:%08X 00:00000000 00000000 %5d        0 %d 1 0000000000000000 100 0 0 10 0",
                row, ends(s), s.state.number, sent, received, s.owner.uid(), s.inode());
        return s.family == Socket.AF_INET ? String.format("%-149s", line) : line;
    }

    private static String udp(int row, InetSocket s) {
        String line = String.format(
                "%5d: %s %02X %08X:%08X 00:00000000 00000000 %5d        0 %d 2 0000000000000000 0",
                row, ends(s), s.state.number, 0, s.queued, s.owner.uid(), s.inode());
        return s.family == Socket.AF_INET ? String.format("%-127s", line) : line;
    }

    /** The address as words of the machine's byte order. */
    private static String hex(InetSocket socket, IpAddress host) {
        if (socket.family == Socket.AF_INET) {
            return String.format("%08X", Integer.reverseBytes(host.v4()));
        }
        return word(host.high() >>> 32) + word(host.high()) + word(host.low() >>> 32) + word(host.low());
    }

    private static String word(long value) {
        return String.format("%08X", Integer.reverseBytes((int) value));
    }

    private String unix() {
        StringBuilder text = new StringBuilder("Num       RefCount Protocol Flags    Type St Inode Path\n");
        for (Socket socket : tables.sockets) {
            if (socket instanceof UnixSocket unix) {
                boolean accepts = unix.state == State.LISTEN;
                int state = accepts || unix.state == State.CLOSE ? 1 : 3;
                text.append(String.format(
                        "%016x: %08X %08X %08X %04X %02X %5d",
                        0, 2, 0, accepts ? 0x10000 : 0, unix.type, state, unix.inode()));
                text.append(unix.name == null ? "" : " " + unix.name.replace('\0', '@'))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private String netlink() {
        return tables.netlink.values().stream()
                .map(ProcNet::rowOf)
                .collect(Collectors.joining(
                        "",
                        "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n",
                        ""));
    }

    private static String rowOf(NetlinkSocket s) {
        return String.format(
                "%016x %-3d %-10d %08x %-8d %-8d %-5d %-8d %-8d %-8d\n",
                0, s.protocol, s.port & 0xffff_ffffL, s.groups, s.queued, 0, 0, 2, 0, s.inode());
    }

    private String interfaces() {
        StringBuilder text = new StringBuilder("Inter-|   Receive                                                |"
                + "  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs"
                + " drop fifo colls carrier compressed\n");
        for (Interface each : routes.interfaces()) {
            text.append(String.format(
                    "%6s: %7d %7d %4d %4d %4d %5d %10d %9d %8d %7d %4d %4d %4d %5d %7d %10d\n",
                    each.name(),
                    each.traffic().receivedBytes(),
                    each.traffic().receivedPackets(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    each.traffic().sentBytes(),
                    each.traffic().sentPackets(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0));
        }
        return text.toString();
    }

    private String addresses() {
        StringBuilder text = new StringBuilder();
        for (Interface each : routes.interfaces()) {
            for (Address address : each.addresses()) {
                if (!address.host().isV4()) {
                    text.append(String.format(
                            "%016x%016x %02x %02x %02x %02x %8s\n",
                            address.host().high(),
                            address.host().low(),
                            each.index(),
                            address.prefix(),
                            address.host().isLoopback() ? 0x10 : 0x20,
                            0x80,
                            each.name()));
                }
            }
        }
        return text.toString();
    }

    private String statistics() {
        long tcp = tables.tcp.values().stream().mapToInt(Set::size).sum();
        long all = tables.udp.values().stream().mapToInt(Set::size).sum();
        long lite = tables.udp.entrySet().stream()
                .filter(entry -> Ports.lite(entry.getKey()))
                .mapToInt(entry -> entry.getValue().size())
                .sum();
        return "sockets: used " + tables.sockets.size() + "\nTCP: inuse " + (tcp - tables.waiting.size())
                + " orphan 0 tw "
                + tables.waiting.size() + " alloc " + tcp + " mem " + (tables.counters.memory >> 12) + "\nUDP: inuse "
                + (all - lite)
                + " mem 0\nUDPLITE: inuse "
                + lite
                + "\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n";
    }
}
