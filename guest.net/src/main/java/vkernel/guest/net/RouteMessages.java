package vkernel.guest.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import vkernel.kern.Errno;
import vkernel.net.IpAddress;
import vkernel.net.NetStack.Address;
import vkernel.net.NetStack.Interface;
import vkernel.net.NetStack.Traffic;
import vkernel.net.Socket;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** What rtnetlink(7) answers: links, addresses, routes. Nothing can be changed. */
final class RouteMessages {
    private static final int ERROR = 2, DONE = 3;
    private static final int NEWLINK = 16, GETLINK = 18, NEWADDR = 20, GETADDR = 22, NEWROUTE = 24, GETROUTE = 26;
    private static final int F_MULTI = 2, F_ACK = 4, F_DUMP = 0x300;
    private static final int LOOPBACK_TYPE = 772, ETHERNET_TYPE = 1;
    private static final int IFF_LOOPBACK = 8;
    private static final int SCOPE_HOST = 254, TABLE_LOCAL = 255;

    private final Routes routes;

    RouteMessages(Routes routes) {
        this.routes = routes;
    }

    /** Answers what a program has sent. @return messages for it to receive */
    List<byte[]> answer(Task task, byte[] request, int port) {
        List<byte[]> answers = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= NetlinkBuffer.HEADER) {
            int at = in.position();
            int length = in.getInt(at);
            if (length < NetlinkBuffer.HEADER || length > in.remaining()) {
                break;
            }
            one(task, in.slice(at, length).order(ByteOrder.LITTLE_ENDIAN), port, answers);
            in.position(Math.min(in.limit(), at + (length + 3 & ~3)));
        }
        return answers;
    }

    private void one(Task task, ByteBuffer in, int port, List<byte[]> answers) {
        int type = in.getShort(4) & 0xffff;
        int flags = in.getShort(6) & 0xffff;
        int sequence = in.getInt(8);
        NetlinkBuffer out = new NetlinkBuffer();
        int family = in.limit() > NetlinkBuffer.HEADER ? in.get(NetlinkBuffer.HEADER) & 0xff : 0;
        boolean dump = (flags & F_DUMP) != 0;
        if (type < NEWLINK) {
            error(out, in, 0, sequence, port); // control messages mean nothing here
            if ((flags & F_ACK) == 0) {
                out.take();
            }
        } else if (dump && type == GETLINK) {
            routes.interfaces().forEach(each -> link(out, each, F_MULTI, sequence, port));
        } else if (dump && type == GETADDR) {
            routes.interfaces().forEach(each -> addresses(out, each, family, sequence, port));
        } else if (dump && type == GETROUTE) {
            routes.interfaces().forEach(each -> routes(out, each, family, sequence, port));
        } else if (type == GETLINK && in.limit() >= 32) {
            oneLink(out, in, sequence, port);
        } else {
            boolean reads = type % 4 == 2;
            boolean may = reads || task.credentials.can(Credentials.CAP_NET_ADMIN);
            error(out, in, may ? -Errno.EOPNOTSUPP : -Errno.EPERM, sequence, port);
        }
        byte[] first = out.take();
        if (first.length > 0) {
            answers.add(first);
        }
        if (dump && type % 4 == 2 && type <= GETROUTE) {
            out.message(DONE, F_MULTI, sequence, port).i32(0).end();
            answers.add(out.take());
        }
    }

    private static void error(NetlinkBuffer out, ByteBuffer in, int error, int sequence, int port) {
        byte[] request = new byte[error == 0 ? NetlinkBuffer.HEADER : in.limit()];
        in.get(0, request);
        out.message(ERROR, 0, sequence, port).i32(error).raw(request).end();
    }

    private void oneLink(NetlinkBuffer out, ByteBuffer in, int sequence, int port) {
        int index = in.getInt(NetlinkBuffer.HEADER + 4);
        for (Interface each : routes.interfaces()) {
            if (each.index() == index || index == 0 && named(in, each.name())) {
                link(out, each, 0, sequence, port);
                return;
            }
        }
        error(out, in, -Errno.ENODEV, sequence, port);
    }

    /** Whether a request asks for a link of a name: IFLA_IFNAME is the first attribute that it has. */
    private static boolean named(ByteBuffer in, String name) {
        int at = NetlinkBuffer.HEADER + 16;
        if (in.limit() < at + 4 + name.length() || in.getShort(at + 2) != 3) {
            return false;
        }
        byte[] asked = new byte[name.length()];
        in.get(at + 4, asked);
        return name.equals(new String(asked, StandardCharsets.ISO_8859_1));
    }

    private static void link(NetlinkBuffer out, Interface each, int flags, int sequence, int port) {
        boolean loopback = (each.flags() & IFF_LOOPBACK) != 0;
        out.message(NEWLINK, flags, sequence, port);
        out.i8(0).i8(0).i16(loopback ? LOOPBACK_TYPE : ETHERNET_TYPE);
        out.i32(each.index()).i32(each.flags()).i32(0);
        out.attribute(3, each.name()).attribute(13, 1000).attribute(16, new byte[] {(byte) (loopback ? 0 : 6)});
        out.attribute(4, each.mtu()).attribute(6, loopback ? "noqueue" : "fq_codel");
        out.attribute(1, hardware(each)).attribute(2, new byte[6]).attribute(23, statistics(each.traffic()));
        out.end();
    }

    /** The hardware address: none of the loopback interface, a made-up one of another. */
    static byte[] hardware(Interface each) {
        boolean loopback = (each.flags() & IFF_LOOPBACK) != 0;
        return loopback ? new byte[6] : new byte[] {0x52, 0x54, 0, 0x12, 0x34, (byte) (0x54 + each.index())};
    }

    /** struct rtnl_link_stats64. */
    private static byte[] statistics(Traffic traffic) {
        return ByteBuffer.allocate(25 * 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(traffic.receivedPackets())
                .putLong(traffic.sentPackets())
                .putLong(traffic.receivedBytes())
                .putLong(traffic.sentBytes())
                .array();
    }

    private static byte[] bytes(IpAddress host) {
        return host.isV4()
                ? ByteBuffer.allocate(4).putInt(host.v4()).array()
                : ByteBuffer.allocate(16)
                        .putLong(host.high())
                        .putLong(host.low())
                        .array();
    }

    private static int family(IpAddress host) {
        return host.isV4() ? Socket.AF_INET : Socket.AF_INET6;
    }

    private static void addresses(NetlinkBuffer out, Interface each, int wanted, int sequence, int port) {
        for (Address address : each.addresses()) {
            int family = family(address.host());
            if (wanted != 0 && wanted != family) {
                continue;
            }
            int scope = address.host().isLoopback() ? SCOPE_HOST : 0;
            out.message(NEWADDR, F_MULTI, sequence, port);
            out.i8(family).i8(address.prefix()).i8(0x80).i8(scope).i32(each.index());
            byte[] host = bytes(address.host());
            out.attribute(1, host);
            if (family == Socket.AF_INET) {
                out.attribute(2, host).attribute(3, each.name());
            }
            out.attribute(8, 0x80).attribute(6, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0});
            out.end();
        }
    }

    private static void routes(NetlinkBuffer out, Interface each, int wanted, int sequence, int port) {
        for (Address address : each.addresses()) {
            int family = family(address.host());
            if (wanted != 0 && wanted != family) {
                continue;
            }
            int bits = family == Socket.AF_INET ? 32 : 128;
            out.message(NEWROUTE, F_MULTI, sequence, port);
            out.i8(family)
                    .i8(bits)
                    .i8(0)
                    .i8(0)
                    .i8(TABLE_LOCAL)
                    .i8(2)
                    .i8(SCOPE_HOST)
                    .i8(2)
                    .i32(0);
            out.attribute(15, TABLE_LOCAL).attribute(1, bytes(address.host())).attribute(4, each.index());
            out.end();
        }
    }
}
