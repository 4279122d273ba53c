package vkernel.guest.net;

import java.util.List;
import java.util.Optional;
import vkernel.kern.Kernel;
import vkernel.net.Gateway;
import vkernel.net.IpAddress;
import vkernel.net.NetCounters;
import vkernel.net.NetStack.Address;
import vkernel.net.NetStack.Interface;
import vkernel.net.NetStack.Traffic;

/** Interfaces, their addresses, and where an address is to be found (Linux: net/ipv4/route.c, fib). */
final class Routes {
    static final int LOOPBACK_FLAGS = 0x1_0049; // IFF_UP, LOOPBACK, RUNNING, LOWER_UP
    static final int LOOPBACK_MTU = 65_536;

    private final Kernel kernel;
    private final NetCounters counters;

    Routes(Kernel kernel, NetCounters counters) {
        this.kernel = kernel;
        this.counters = counters;
    }

    /** The interface that leads out of this machine. */
    Optional<Interface> link() {
        Gateway gateway = kernel.gateway().orNull();
        return gateway == null ? Optional.empty() : gateway.link();
    }

    /** Whether an address is found outside: IPv4 only, and no groups. */
    boolean outside(IpAddress host) {
        return host.isV4() && !local(host) && !host.isMulticast() && host.v4() != -1 && link().isPresent();
    }

    List<Interface> interfaces() {
        Traffic traffic = new Traffic(
                counters.loopbackBytes, counters.loopbackPackets, counters.loopbackBytes, counters.loopbackPackets);
        List<Address> addresses = List.of(new Address(IpAddress.LOOPBACK4, 8), new Address(IpAddress.LOOPBACK, 128));
        Interface loopback = new Interface(1, "lo", LOOPBACK_FLAGS, LOOPBACK_MTU, addresses, traffic);
        return link().map(link -> List.of(loopback, link)).orElse(List.of(loopback));
    }

    /** Whether an address is this machine's. */
    boolean local(IpAddress host) {
        return host.isLoopback() || link().filter(link -> has(link, host)).isPresent();
    }

    private static boolean has(Interface link, IpAddress host) {
        return link.addresses().stream().anyMatch(address -> address.host().equals(host));
    }

    /** The address that speaks to another one: both are of one kind. */
    IpAddress source(IpAddress host) {
        if (host.isLoopback() || !host.isV4()) {
            return host.isV4() ? IpAddress.LOOPBACK4 : IpAddress.LOOPBACK;
        }
        return link().map(link -> link.addresses().getFirst().host()).orElse(IpAddress.LOOPBACK4);
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
