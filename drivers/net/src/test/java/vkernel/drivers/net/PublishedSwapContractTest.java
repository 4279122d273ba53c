package vkernel.drivers.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.fs.OpenFile;
import vkernel.host.Network;
import vkernel.host.net.SocketNetwork;
import vkernel.kern.OpenState;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;
import vkernel.rump.MemorySwitch;

/** The way out through the sockets of the machine around, with a port of it that leads in. */
@Timeout(60)
class PublishedSwapContractTest extends SwapContract<OpenState> {
    private final int port = free();
    private final Network network = new SocketNetwork();
    private final SmallHost host = new SmallHost("publish", port + ":80");
    private final Outside first = new Outside(host.kernel.kernel(), network, new MemorySwitch());
    private final OpenFile listener;
    private Outside serving = first;

    PublishedSwapContractTest() {
        host.kernel.add(first);
        listener = host.listener(80);
    }

    private static int free() {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void shut() {
        serving.deactivate();
    }

    @Override
    protected Swappable<OpenState> inService() {
        exchange();
        return first;
    }

    @Override
    protected Swappable<OpenState> another() {
        return new Outside(host.kernel.kernel(), network, new MemorySwitch());
    }

    @Override
    protected void fill(Swappable<OpenState> provider) {
        serving = (Outside) provider;
        host.kernel.add(serving);
    }

    @Override
    protected void goOn() {
        assertThat(serving.published()).containsExactly("127.0.0.1:" + port + ":80");
        exchange();
    }

    private void exchange() {
        try (Socket outside = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OpenFile inside = host.accepted(listener);
            outside.getOutputStream().write("question".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(host.receive(inside)).isEqualTo("question");
            host.send(inside, "answer");
            byte[] answer = outside.getInputStream().readNBytes("answer".length());
            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).isEqualTo("answer");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPortThatSomebodyElseHasIsRefused() throws Exception {
        OpenState state = inService().release();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String ports = taken.getLocalPort() + ":80";
            assertThatExceptionOfType(StateRejected.class)
                    .isThrownBy(() -> another().adopt(new OpenState(1, Map.of("where", "user", "ports", ports))))
                    .withMessageContaining("cannot publish a port");
        }
        first.adopt(state);
        goOn();
    }
}
