package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import vkernel.boot.BootConfig;
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
