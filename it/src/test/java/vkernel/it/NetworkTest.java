package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import vkernel.boot.BootConfig;
import vkernel.boot.BootException;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/** The way out: only when it is asked for, and then as far as this machine's own sockets reach. */
class NetworkTest {
    private static final int BYTES = 300_000;

    private static BootConfig busybox() {
        FileRom root = new FileRom(Guest.debian(List.of("busybox-static")).archive());
        return BootConfig.standard()
                .withRoots(List.of(root))
                .withOption("mounts", "devtmpfs:/dev proc:/proc tmpfs:/tmp");
    }

    private static Guest.Answer shell(VirtualKernel kernel, String command) {
        return Guest.run(kernel, "/", List.of("/usr/bin/busybox", "sh", "-c", command));
    }

    /** A server on this machine's loopback that answers everything with the same bytes. */
    private static HttpServer server(byte[] answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void aProgramFetchesFromAServerOnTheHostsLoopback() throws IOException {
        byte[] bytes = new byte[BYTES];
        new Random(1).nextBytes(bytes);
        HttpServer server = server(bytes);
        try (VirtualKernel kernel = VirtualKernel.boot(busybox().withNetwork())) {
            String url = "http://10.0.2.2:" + server.getAddress().getPort() + "/";
            Guest.Answer answer = shell(kernel, "busybox wget -q -O /tmp/f " + url + " && busybox wc -c </tmp/f");
            assertThat(answer).isEqualTo(new Guest.Answer(0, BYTES + "\n"));
        } finally {
            server.stop(0);
        }
    }

    /** A name server that knows one name, {@code here.test}, and says of all others that there are none. */
    private static DatagramSocket names() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                    socket.receive(packet);
                    byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                assertThat(socket.isClosed()).isTrue();
            }
        });
        return socket;
    }

    /** RFC 1035, 4.1: the question again, with an address behind it or with the code 3. */
    private static byte[] answer(byte[] question) {
        boolean known = new String(question, StandardCharsets.ISO_8859_1).contains("\4here\4test\0\0\1");
        byte[] address = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 2, 2};
        boolean named = new String(question, StandardCharsets.ISO_8859_1).contains("\4here\4test\0");
        byte[] answer = Arrays.copyOf(question, question.length + (known ? address.length : 0));
        answer[2] |= (byte) 0x80;
        answer[3] = (byte) (named ? 0x80 : 0x83);
        if (known) {
            answer[7] = 1;
            System.arraycopy(address, 0, answer, question.length, address.length);
        }
        return answer;
    }

    @Test
    void namesThatDoNotResolveAreSaidAtOnce() throws IOException {
        HttpServer server = server(new byte[5]);
        try (DatagramSocket names = names();
                VirtualKernel kernel = VirtualKernel.boot(
                        busybox().withNetwork().withOption("nameserver", "127.0.0.1:" + names.getLocalPort()));
                VirtualKernel alone = VirtualKernel.boot(busybox().withNetwork().withOption("nameserver", "none"))) {
            String fetch =
                    "busybox wget -q -O - http://%s:" + server.getAddress().getPort() + "/ | busybox wc -c";
            assertThat(shell(kernel, fetch.formatted("here.test")).output()).isEqualTo("5\n");
            long start = System.nanoTime();
            assertThat(shell(kernel, fetch.formatted("nosuch.test")).output()).contains("bad address 'nosuch.test");
            assertThat(shell(kernel, "busybox nslookup nosuch.test").output()).contains("NXDOMAIN");
            assertThat(shell(alone, fetch.formatted("here.test")).output()).contains("bad address 'here.test");
            assertThat(shell(alone, "busybox nslookup here.test").output()).contains("SERVFAIL");
            assertThat(System.nanoTime() - start)
                    .as("nobody waits for a server")
                    .isLessThan(4_500_000_000L);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anAddressInUseIsSaidBeforeTheGuestStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> VirtualKernel.boot(busybox().withOption("publish", port + ":80")))
                    .isInstanceOf(BootException.class)
                    .hasMessageContaining("cannot publish a port")
                    .hasMessageContaining(port)
                    .hasMessageContaining("in use");
        }
        assertThatThrownBy(() -> VirtualKernel.boot(busybox().withOption("publish", "eighty:80")))
                .isInstanceOf(BootException.class)
                .hasMessageContaining("eighty is no port");
    }

    @Test
    void nothingLeadsOutUnlessAskedFor() throws IOException {
        HttpServer server = server(new byte[1]);
        try (VirtualKernel kernel = VirtualKernel.boot(busybox())) {
            String url = "http://10.0.2.2:" + server.getAddress().getPort() + "/";
            Guest.Answer answer = shell(kernel, "busybox wget -q -O - " + url + "; busybox ifconfig eth0");
            assertThat(answer.status()).isNotZero();
            assertThat(answer.output()).contains("Network is unreachable", "Device not found");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServerOfTheGuestsServesTheHost() throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        BootConfig config = busybox().withOption("publish", "127.0.0.1:" + port + ":8000");
        try (VirtualKernel kernel = VirtualKernel.boot(config);
                HttpClient client = HttpClient.newHttpClient()) {
            shell(kernel, "busybox seq 1 20000 >/tmp/f");
            MemoryChannel none = new MemoryChannel(new byte[0]);
            MemoryChannel out = new MemoryChannel(new byte[0]);
            CompletableFuture<Integer> httpd = kernel.start(
                    List.of("/usr/bin/busybox", "httpd", "-f", "-p", "8000", "-h", "/tmp"), none, out, out);
            shell(kernel, "until busybox netstat -ltn | busybox grep -q :8000; do busybox usleep 10000; done");
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/f"))
                    .build();
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(request, BodyHandlers.ofString()).body()).hasSize(108_894);
            }
            assertThat(httpd).isNotDone();
        }
    }
}
