package vkernel.guest.net;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import vkernel.net.IpAddress;

/**
 * Packets as they would lie on a wire: Ethernet II, IPv4 (RFC 791) and IPv6 (RFC 8200), TCP (RFC 9293), UDP (RFC 768),
 * ICMP's destination unreachable (RFC 792, 4443), with their checksums (RFC 1071).
 */
final class Packets {
    static final int TCP = 6;
    static final int UDP = 17;
    private static final int ICMP = 1;
    private static final int ICMP6 = 58;

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;

    static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int TTL = 64;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE_FRAGMENTS = 0x2000;
    /** Most bytes of the offender in an ICMP error (RFC 1812, 4.3.2.3). */
    private static final int QUOTED = 548;

    /** Who speaks to whom, over a link with packets of {@code mtu} bytes. @param wire false for loopback */
    record Path(IpAddress from, int fromPort, IpAddress to, int toPort, int mtu, boolean wire) {
        Path back() {
            return new Path(to, toPort, from, fromPort, mtu, wire);
        }

        /** Most bytes of a TCP segment. */
        int segment() {
            return Math.min(mtu, 65_535) - header(from) - TCP_HEADER;
        }
    }

    private int identification;

    private static int header(IpAddress host) {
        return host.isV4() ? IPV4 : IPV6;
    }

    List<byte[]> tcp(Path path, long seq, long ack, int flags, int window, byte[] data, int offset, int length) {
        boolean syn = (flags & SYN) != 0;
        int header = TCP_HEADER + (syn ? 4 : 0);
        ByteBuffer segment = ByteBuffer.allocate(header + length);
        segment.putShort((short) path.fromPort).putShort((short) path.toPort);
        segment.putInt((int) seq).putInt((flags & ACK) != 0 ? (int) ack : 0);
        segment.putShort((short) (header / 4 << 12 | flags)).putShort((short) window);
        segment.putInt(0); // checksum, urgent pointer
        if (syn) {
            segment.putShort((short) 0x0204).putShort((short) path.segment()); // maximum segment size
        }
        segment.put(data, offset, length);
        checksum(path, TCP, segment, 16);
        return frames(path, TCP, segment.array());
    }

    List<byte[]> udp(Path path, byte[] data) {
        return frames(path, UDP, datagram(path, data));
    }

    private static byte[] datagram(Path path, byte[] data) {
        ByteBuffer datagram = ByteBuffer.allocate(UDP_HEADER + data.length);
        datagram.putShort((short) path.fromPort).putShort((short) path.toPort);
        datagram.putShort((short) datagram.capacity()).putShort((short) 0).put(data);
        checksum(path, UDP, datagram, 6);
        if (datagram.getShort(6) == 0) {
            datagram.putShort(6, (short) -1); // 0 would mean none
        }
        return datagram.array();
    }

    /** The news that nobody has the port to which a message was sent. */
    List<byte[]> unreachable(Path sent, byte[] data) {
        boolean v4 = sent.from.isV4();
        byte[] offender = packet(sent, UDP, datagram(sent, data), 0, UDP_HEADER + data.length, 0);
        int quoted = Math.min(offender.length - ETHERNET, QUOTED);
        ByteBuffer error = ByteBuffer.allocate(8 + quoted);
        error.put((byte) (v4 ? 3 : 1))
                .put((byte) (v4 ? 3 : 4))
                .putShort((short) 0)
                .putInt(0);
        error.put(offender, ETHERNET, quoted);
        if (v4) {
            error.putShort(2, fold(sum(error.array(), 0, error.capacity())));
        } else {
            checksum(sent.back(), ICMP6, error, 2);
        }
        return frames(sent.back(), v4 ? ICMP : ICMP6, error.array());
    }

    // --- below ------------------------------------------------------------------------------------------------------

    /** One packet, or its fragments (IPv4 only: over the others nothing larger goes). */
    private List<byte[]> frames(Path path, int protocol, byte[] payload) {
        int room = Math.min(path.mtu, 65_535) - header(path.from);
        if (payload.length <= room || !path.from.isV4()) {
            return List.of(packet(path, protocol, payload, 0, payload.length, DONT_FRAGMENT));
        }
        identification++;
        int piece = room & -8;
        List<byte[]> all = new ArrayList<>();
        for (int at = 0; at < payload.length; at += piece) {
            int length = Math.min(piece, payload.length - at);
            int more = at + length < payload.length ? MORE_FRAGMENTS : 0;
            all.add(packet(path, protocol, payload, at, length, more | at / 8));
        }
        return all;
    }

    private byte[] packet(Path path, int protocol, byte[] payload, int offset, int length, int fragment) {
        boolean v4 = path.from.isV4();
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET + header(path.from) + length);
        station(frame, path, path.to);
        station(frame, path, path.from);
        frame.putShort((short) (v4 ? 0x0800 : 0x86dd));
        if (v4) {
            int id = (fragment & DONT_FRAGMENT) != 0 ? 0 : identification;
            frame.putShort((short) 0x4500).putShort((short) (IPV4 + length)).putShort((short) id);
            frame.putShort((short) fragment)
                    .put((byte) TTL)
                    .put((byte) protocol)
                    .putShort((short) 0);
            frame.putInt(path.from.v4()).putInt(path.to.v4());
            frame.putShort(ETHERNET + 10, fold(sum(frame.array(), ETHERNET, IPV4)));
        } else {
            frame.putInt(0x6000_0000)
                    .putShort((short) length)
                    .put((byte) protocol)
                    .put((byte) TTL);
            address(address(frame, path.from), path.to);
        }
        return frame.put(payload, offset, length).array();
    }

    /** The station's address is made of the host's; on loopback it is zero, as on Linux. */
    private static void station(ByteBuffer frame, Path path, IpAddress host) {
        frame.putShort((short) (path.wire ? 0x5256 : 0)).putInt(path.wire ? (int) host.low() : 0);
    }

    private static ByteBuffer address(ByteBuffer to, IpAddress host) {
        return host.isV4() ? to.putInt(host.v4()) : to.putLong(host.high()).putLong(host.low());
    }

    private static void checksum(Path path, int protocol, ByteBuffer packet, int at) {
        ByteBuffer pseudo = ByteBuffer.allocate(IPV6);
        address(address(pseudo, path.from), path.to);
        pseudo.putInt(packet.capacity()).putInt(protocol);
        long sum = sum(pseudo.array(), 0, pseudo.position()) + sum(packet.array(), 0, packet.capacity());
        packet.putShort(at, fold(sum));
    }

    private static long sum(byte[] bytes, int offset, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (long) (bytes[offset + i] & 0xff) << ((i & 1) == 0 ? 8 : 0);
        }
        return sum;
    }

    private static short fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (short) ~folded;
    }
}
