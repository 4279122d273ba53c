package vkernel.guest.net;

import java.util.List;
import vkernel.net.IpAddress;
import vkernel.net.NetCounters;
import vkernel.net.NetStack.Address;
import vkernel.net.NetStack.Interface;
import vkernel.net.NetStack.Traffic;

/** Interfaces, their addresses, and where an address is to be found (Linux: net/ipv4/route.c, fib). */
final class Routes {
    static final int LOOPBACK_FLAGS = 0x1_0049; // IFF_UP, LOOPBACK, RUNNING, LOWER_UP
    private static final int LOOPBACK_MTU = 65_536;

    private final NetCounters counters;

    Routes(NetCounters counters) {
        this.counters = counters;
    }

    List<Interface> interfaces() {
        Traffic traffic = new Traffic(
                counters.loopbackBytes, counters.loopbackPackets, counters.loopbackBytes, counters.loopbackPackets);
        List<Address> addresses = List.of(new Address(IpAddress.LOOPBACK4, 8), new Address(IpAddress.LOOPBACK, 128));
        return List.of(new Interface(1, "lo", LOOPBACK_FLAGS, LOOPBACK_MTU, addresses, traffic));
    }

    /** Whether an address is this machine's. */
    boolean local(IpAddress host) {
        return host.isLoopback();
    }

    /** The address that speaks to another one: both are of one kind. */
    IpAddress source(IpAddress host) {
        return host.isV4() ? IpAddress.LOOPBACK4 : IpAddress.LOOPBACK;
    }

    /** What an address means to which a program connects: none is this machine. */
    static IpAddress meant(IpAddress host) {
        if (!host.isAny()) {
            return host;
        }
        return host.isV4() ? IpAddress.LOOPBACK4 : IpAddress.LOOPBACK;
    }

    /** Counts what goes over the loopback interface. */
    void passed(long bytes) {
        counters.loopbackBytes += bytes;
        counters.loopbackPackets++;
    }
}
