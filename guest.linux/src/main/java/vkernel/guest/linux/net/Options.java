package vkernel.guest.linux.net;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.net.Socket;

/**
 * Options that are numbers, kept and given back and of no other consequence between programs of one kernel: by level and
 * name, with their first value and their bounds (socket(7), ip(7), ipv6(7), tcp(7), udp(7)).
 */
final class Options {
    static final int SOL_SOCKET = 1;
    static final int IP = 0;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int IPV6 = 41;
    static final int UDPLITE = 136;

    private static final Map<Integer, Option> ALL = all();

    /** @param flag whether any value but 0 is 1 */
    record Option(int first, int least, int most, boolean flag) {}

    private Options() {}

    static int key(int level, int name) {
        return level << 16 | name;
    }

    /** The option, if there is such a one; else null. */
    static @Nullable Option find(int level, int name) {
        return level < 0 || name < 0 || name > 0xffff ? null : ALL.get(key(level, name));
    }

    /** Its value at a socket. */
    static int value(Socket socket, int level, int name, Option option) {
        return socket.options.getOrDefault(key(level, name), option.first());
    }

    private static Map<Integer, Option> all() {
        Map<Integer, Option> all = new HashMap<>();
        flags(all, SOL_SOCKET, 0, 1, 5, 9, 10, 11, 14, 34, 35, 40, 44, 60);
        number(all, SOL_SOCKET, 12, 0, 0, 6); // SO_PRIORITY
        number(all, SOL_SOCKET, 36, 0, Integer.MIN_VALUE, Integer.MAX_VALUE); // SO_MARK
        number(all, SOL_SOCKET, 46, 0, 0, Integer.MAX_VALUE); // SO_BUSY_POLL
        number(all, SOL_SOCKET, 62, 0, 0, 1); // SO_BINDTOIFINDEX
        ip(all);
        ipv6(all);
        tcp(all);
        number(all, UDP, 1, 0, 0, 1); // UDP_CORK
        number(all, UDPLITE, 10, 0, 0, 0xffff); // UDPLITE_SEND_CSCOV
        number(all, UDPLITE, 11, 0, 0, 0xffff); // UDPLITE_RECV_CSCOV
        number(all, UDP, 103, 0, 0, 0xffff); // UDP_SEGMENT
        return all;
    }

    private static void ip(Map<Integer, Option> all) {
        flags(all, IP, 0, 6, 7, 8, 11, 12, 13, 15, 24);
        flags(all, IP, 1, 34, 49); // IP_MULTICAST_LOOP, IP_MULTICAST_ALL
        number(all, IP, 1, 0, 0, 255); // IP_TOS
        number(all, IP, 2, 64, 1, 255); // IP_TTL
        number(all, IP, 10, 1, 0, 5); // IP_MTU_DISCOVER
        number(all, IP, 21, 0, 0, 255); // IP_MINTTL
        number(all, IP, 33, 1, 0, 255); // IP_MULTICAST_TTL
        number(all, IP, 51, 0, 0, Integer.MAX_VALUE); // IP_LOCAL_PORT_RANGE
    }

    private static void ipv6(Map<Integer, Option> all) {
        flags(all, IPV6, 0, 25, 33, 49, 51, 66, 70, 72, 74);
        flags(all, IPV6, 1, 19, 29); // IPV6_MULTICAST_LOOP, _ALL
        number(all, IPV6, 16, 64, -1, 255); // IPV6_UNICAST_HOPS
        number(all, IPV6, 18, 1, -1, 255); // IPV6_MULTICAST_HOPS
        number(all, IPV6, 23, 1, 0, 5); // IPV6_MTU_DISCOVER
        number(all, IPV6, 67, 0, -1, 255); // IPV6_TCLASS
    }

    private static void tcp(Map<Integer, Option> all) {
        flags(all, TCP, 0, 1, 3, 26, 27, 30);
        flags(all, TCP, 1, 12); // TCP_QUICKACK
        number(all, TCP, 4, 7200, 1, 32767); // TCP_KEEPIDLE
        number(all, TCP, 5, 75, 1, 32767); // TCP_KEEPINTVL
        number(all, TCP, 6, 9, 1, 127); // TCP_KEEPCNT
        number(all, TCP, 7, 6, 1, 255); // TCP_SYNCNT
        number(all, TCP, 8, 60, -1, Integer.MAX_VALUE); // TCP_LINGER2
        number(all, TCP, 9, 0, 0, Integer.MAX_VALUE); // TCP_DEFER_ACCEPT
        number(all, TCP, 10, 0, 0, Integer.MAX_VALUE); // TCP_WINDOW_CLAMP
        number(all, TCP, 18, 0, 0, Integer.MAX_VALUE); // TCP_USER_TIMEOUT
        number(all, TCP, 23, 0, 0, Integer.MAX_VALUE); // TCP_FASTOPEN
        number(all, TCP, 25, 0, Integer.MIN_VALUE, Integer.MAX_VALUE); // TCP_NOTSENT_LOWAT
    }

    private static void flags(Map<Integer, Option> all, int level, int first, int... names) {
        for (int name : names) {
            all.put(key(level, name), new Option(first, Integer.MIN_VALUE, Integer.MAX_VALUE, true));
        }
    }

    private static void number(Map<Integer, Option> all, int level, int name, int first, int least, int most) {
        all.put(key(level, name), new Option(first, least, most, false));
    }
}
