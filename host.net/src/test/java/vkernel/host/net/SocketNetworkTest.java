package vkernel.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.host.HostException;
import vkernel.host.Network;
import vkernel.host.Network.Status;

/** On this machine's loopback. */
class SocketNetworkTest {
    private static final int ANY = 0;
    private static final long PATIENCE = 10;

    private final SocketNetwork network = new SocketNetwork();
    private final LinkedBlockingQueue<Object> news = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        network.deactivate();
    }

    private void told() {
        news.add("news");
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Waits for news until something is so. */
    private void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            assertThat(news.poll(PATIENCE, TimeUnit.SECONDS)).as("news").isNotNull();
        }
    }

    private Network.Stream[] pair() throws InterruptedException {
        Network.Stream[] ends = new Network.Stream[2];
        try (Network.Listener listener = network.listen(loopback(ANY), this::told)) {
            ends[0] = network.connect(loopback(listener.port()), this::told);
            until(() -> (ends[1] = listener.accept()) != null);
        }
        ends[1].listener(this::told);
        until(() -> ends[0].status() == Status.OPEN);
        return ends;
    }

    private static String read(Network.Stream stream) {
        byte[] bytes = new byte[100];
        int n = stream.read(bytes, 0, bytes.length);
        return n < 0 ? "end" : new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
    }

    @Test
    void bytesAndTheirEndArrive() throws InterruptedException {
        Network.Stream[] ends = pair();
        byte[] hello = "hello".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(ends[0].write(hello, 0, hello.length)).isEqualTo(hello.length);
        until(() -> read(ends[1]).equals("hello"));
        ends[0].finish();
        until(() -> read(ends[1]).equals("end"));
        assertThat(ends[1].status()).isEqualTo(Status.OPEN);
        ends[0].close();
        ends[1].close();
    }

    @Test
    void aWriterHearsOfRoom() throws InterruptedException {
        Network.Stream[] ends = pair();
        byte[] much = new byte[1 << 20];
        long sent = 0;
        for (int n = much.length; n == much.length; sent += n) {
            n = ends[0].write(much, 0, much.length);
        }
        long all = sent;
        long[] got = {0};
        until(() -> {
            for (int n = 1; n > 0; got[0] += Math.max(0, n)) {
                n = ends[1].read(much, 0, much.length);
            }
            return got[0] == all;
        });
        assertThat(ends[0].write(much, 0, 1)).isEqualTo(1);
        ends[0].close();
        ends[1].close();
    }

    @Test
    void aResetIsTold() throws InterruptedException {
        Network.Stream[] ends = pair();
        ends[0].abort();
        until(() -> read(ends[1]).equals("end"));
        assertThat(ends[1].status()).isEqualTo(Status.RESET);
        ends[1].close();
    }

    @Test
    void whereNobodyListensAConnectionIsRefused() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(ANY, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Network.Stream stream = network.connect(loopback(port), this::told);
        until(() -> stream.status() == Status.REFUSED);
        stream.close();
    }

    @Test
    void anAddressInUseIsSaidToBe() {
        try (Network.Listener listener = network.listen(loopback(ANY), this::told)) {
            assertThatThrownBy(() -> network.listen(loopback(listener.port()), this::told))
                    .isInstanceOfSatisfying(
                            HostException.class, e -> assertThat(e.reason()).isEqualTo(HostException.Reason.BUSY));
        }
    }

    @Test
    void aPortCanBeHadAgainOnceItsListenerIsClosed() {
        int port = 0;
        for (int i = 0; i < 200; i++) {
            try (Network.Listener listener = network.listen(loopback(port), this::told)) {
                port = listener.port();
            }
        }
        assertThat(port).isPositive();
    }

    @Test
    void messagesArriveWithTheirSender() throws Exception {
        try (Network.Datagrams one = network.datagrams(this::told);
                DatagramSocket other = new DatagramSocket(loopback(ANY))) {
            one.send("ping".getBytes(StandardCharsets.ISO_8859_1), loopback(other.getLocalPort()));
            DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            other.receive(packet);
            other.send(new DatagramPacket(packet.getData(), packet.getLength(), packet.getSocketAddress()));
            Network.Arrived[] answer = new Network.Arrived[1];
            until(() -> (answer[0] = one.receive()) != null);
            assertThat(Arrays.toString(answer[0].bytes()))
                    .isEqualTo(Arrays.toString("ping".getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(answer[0].from().getPort()).isEqualTo(other.getLocalPort());
        }
    }
}
