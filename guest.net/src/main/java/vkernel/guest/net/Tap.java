package vkernel.guest.net;

import java.util.List;
import vkernel.guest.net.Packets.Path;
import vkernel.net.Capture;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack.Interface;

/**
 * Shows captures what passes (Linux: dev_queue_xmit_nit()). Nothing here sends packets: each event of a conversation is
 * told as the packets that would have carried it, an acknowledgement after each piece of data. Sequence numbers are those
 * of the bytes, from a beginning that is reckoned from the ends' addresses: so a capture may begin in the middle.
 */
final class Tap {
    private static final byte[] NOTHING = {};
    private static final int WINDOW = 65_535;

    private final Tables tables;
    private final Routes routes;
    private final Packets packets = new Packets();

    Tap(Tables tables, Routes routes) {
        this.tables = tables;
        this.routes = routes;
    }

    private boolean off() {
        return tables.captures.isEmpty();
    }

    // --- TCP: from the point of view of one end
    // -----------------------------------------------------------------------

    void syn(InetSocket self) {
        if (!off()) {
            show(self, false, Packets.SYN, begin(path(self)), 0);
        }
    }

    /** The other end has answered, and this one its answer. */
    void opened(InetSocket self) {
        if (!off()) {
            Path path = path(self);
            show(self, true, Packets.SYN | Packets.ACK, begin(path.back()), begin(path) + 1);
            show(self, false, Packets.ACK, begin(path) + 1, begin(path.back()) + 1);
        }
    }

    /** The other end will not have the connection. */
    void refused(InetSocket self) {
        if (!off()) {
            show(self, true, Packets.RST | Packets.ACK, 0, begin(path(self)) + 1);
        }
    }

    /** Bytes go from this end, which has not counted them yet. */
    void data(InetSocket self, byte[] bytes, int offset, int length) {
        if (off()) {
            return;
        }
        Path path = path(self);
        long ack = received(path, self);
        for (int at = 0; at < length; at += path.segment()) {
            int piece = Math.min(path.segment(), length - at);
            int flags = Packets.ACK | (at + piece == length ? Packets.PSH : 0);
            show(packets.tcp(path, sent(path, self) + at, ack, flags, window(self), bytes, offset + at, piece));
        }
        InetSocket peer = self.peer;
        int window = peer == null ? 0 : window(peer);
        show(packets.tcp(path.back(), ack, sent(path, self) + length, Packets.ACK, window, NOTHING, 0, 0));
    }

    /** This end has put bytes into the ring of its peer, the last that are there. */
    void data(InetSocket self, InetSocket peer, int length) {
        if (!off()) {
            data(self, Rings.last(peer.stream(), length), 0, length);
        }
    }

    /** This end sends no more, and the other one knows. */
    void fin(InetSocket self) {
        if (!off()) {
            Path path = path(self);
            long seq = sent(path, self);
            show(self, false, Packets.FIN | Packets.ACK, seq, received(path, self));
            show(self, true, Packets.ACK, received(path, self), seq + 1);
        }
    }

    /** This end is told that the other one has broken the connection. */
    void reset(InetSocket self) {
        if (!off() && self.remotePort != 0) {
            Path path = path(self);
            show(self, true, Packets.RST | Packets.ACK, received(path, self), sent(path, self));
        }
    }

    private void show(InetSocket self, boolean incoming, int flags, long seq, long ack) {
        Path path = incoming ? path(self).back() : path(self);
        InetSocket speaker = incoming ? self.peer : self;
        int window = (flags & Packets.RST) != 0 ? 0 : speaker == null ? WINDOW : window(speaker);
        show(packets.tcp(path, seq, ack, flags, window, NOTHING, 0, 0));
    }

    private static int window(InetSocket socket) {
        return Math.clamp(socket.receiveBuffer - socket.stream().count, 0, WINDOW);
    }

    /** The sequence number of a SYN in this direction. */
    private static long begin(Path path) {
        int hash = 31 * (31 * path.from().hashCode() + path.fromPort())
                + 17 * path.to().hashCode()
                + path.toPort();
        return hash * 0x9e37_79b1L & 0xffff_ffffL;
    }

    private static long sent(Path path, InetSocket self) {
        return begin(path) + 1 + self.bytesSent;
    }

    /** The next byte that is awaited from the other end, whose end counts as one. */
    private static long received(Path path, InetSocket self) {
        boolean ended = switch (self.state) {
            case CLOSE_WAIT, LAST_ACK, TIME_WAIT -> true;
            default -> false;
        };
        return begin(path.back()) + 1 + self.bytesReceived + (ended ? 1 : 0);
    }

    private Path path(InetSocket self) {
        return path(self.local, self.localPort, self.remote, self.remotePort);
    }

    // --- UDP --------------------------------------------------------------------------------------------------------

    void message(IpAddress from, int fromPort, IpAddress to, int toPort, byte[] bytes) {
        if (!off()) {
            show(packets.udp(path(from, fromPort, to, toPort), bytes));
        }
    }

    void unreachable(IpAddress from, int fromPort, IpAddress to, int toPort, byte[] bytes) {
        if (!off()) {
            show(packets.unreachable(path(from, fromPort, to, toPort), bytes));
        }
    }

    // ----------------------------------------------------------------------------------------------------------------

    private Path path(IpAddress from, int fromPort, IpAddress to, int toPort) {
        boolean wire = !routes.local(from) || !routes.local(to);
        int mtu = wire ? routes.link().map(Interface::mtu).orElse(Routes.LOOPBACK_MTU) : Routes.LOOPBACK_MTU;
        return new Path(from, fromPort, to, toPort, mtu, wire);
    }

    private void show(List<byte[]> frames) {
        long time = tables.kernel.realtime();
        for (byte[] frame : frames) {
            for (Capture capture : tables.captures) {
                capture.seen++;
                if (!capture.frames.offer(new Capture.Frame(time, frame))) {
                    capture.dropped++;
                }
            }
        }
    }
}
