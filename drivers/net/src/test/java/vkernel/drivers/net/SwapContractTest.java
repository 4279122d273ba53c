package vkernel.drivers.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import vkernel.fs.OpenFile;
import vkernel.host.Network;
import vkernel.kern.Errno;
import vkernel.kern.OpenState;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;
import vkernel.net.IpAddress;
import vkernel.net.NetStack.Interface;
import vkernel.rump.MemorySwitch;
import vkernel.rump.Partial;

/** The way out to a switch, which is replaced on one of two machines that are joined by it. */
class SwapContractTest extends SwapContract<OpenState> {
    private static final Network NOTHING = Partial.of(Network.class, new Object());
    private static final IpAddress ADDRESS = IpAddress.v4(0x0a00_0307); // port 7

    private final MemorySwitch between = new MemorySwitch();
    private final SmallHost host = new SmallHost("net", "switch:lab,7");
    private final SmallHost other = new SmallHost("net", "switch:lab");
    private final Outside first = new Outside(host.kernel.kernel(), NOTHING, between);
    private Outside serving = first;
    private final OpenFile listener;
    private final OpenFile cut;

    SwapContractTest() {
        host.kernel.add(first);
        other.kernel.add(new Outside(other.kernel.kernel(), NOTHING, between));
        listener = host.listener(80);
        cut = other.connected(ADDRESS, 80);
        host.accepted(listener);
    }

    @Override
    protected Swappable<OpenState> inService() {
        assertThat(first.use()).isEqualTo("1 connections");
        return first;
    }

    @Override
    protected Swappable<OpenState> another() {
        return new Outside(host.kernel.kernel(), NOTHING, between);
    }

    @Override
    protected void fill(Swappable<OpenState> provider) {
        serving = (Outside) provider;
        host.kernel.add(serving);
        assertThat(other.receive(cut)).isEqualTo("-" + Errno.name(Errno.ECONNRESET));
    }

    @Override
    protected void goOn() {
        Optional<IpAddress> address = serving.link()
                .map(Interface::addresses)
                .map(all -> all.getFirst().host());
        assertThat(address).contains(ADDRESS);
        OpenFile there = other.connected(ADDRESS, 80);
        OpenFile here = host.accepted(listener);
        other.send(there, "question");
        assertThat(host.receive(here)).isEqualTo("question");
        host.send(here, "answer");
        assertThat(other.receive(there)).isEqualTo("answer");
    }
}
