package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.image.ImageException;
import vkernel.boot.image.ImageStore;

/** Debian's Redis as a unikernel serves a client of this machine, which speaks its protocol (RESP) over a socket. */
@EnabledIfSystemProperty(named = "vkernel.debian", matches = "true")
@Timeout(290)
class RedisUnikernelTest {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final int PORT = 6379;

    @TempDir
    private Path folder;

    @Test
    void answersOnAPublishedPort() throws IOException, InterruptedException {
        Path jar = folder.resolve("redis.jar");
        Vk.Ended built = build(jar);
        assertThat(built.err()).isEmpty();
        assertThat(built.out()).contains("needs net: ", "part guest.net", "needs fs:proc: ");
        int port = freePort();
        Process redis = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dvk.publish=127.0.0.1:" + port + ":" + PORT,
                        "-jar",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try (Socket client = connected(redis, port)) {
            assertThat(ask(client, "PING\r\n", "+PONG\r\n")).isEqualTo("+PONG\r\n");
            assertThat(ask(client, "SET a 41\r\nINCR a\r\n", "+OK\r\n:42\r\n")).isEqualTo("+OK\r\n:42\r\n");
            String[] pushes = {"RPUSH l x y z\r\n", ":3\r\n"};
            assertThat(ask(client, pushes[0], pushes[1])).isEqualTo(pushes[1]);
            String range = "*3\r\n$1\r\nx\r\n$1\r\ny\r\n$1\r\nz\r\n";
            assertThat(ask(client, "LRANGE l 0 -1\r\n", range)).isEqualTo(range);
            redis.destroy();
            assertThat(redis.waitFor(60, TimeUnit.SECONDS))
                    .as("ended by SIGTERM")
                    .isTrue();
        } finally {
            redis.descendants().forEach(ProcessHandle::destroyForcibly);
            redis.destroyForcibly();
        }
        assertThat(Files.readString(folder.resolve("log"))).contains("Ready to accept connections", "bye bye");
    }

    private static Vk.Ended build(Path jar) throws IOException {
        ImageStore.Image image = image();
        return Vk.run(
                "kernel",
                "build",
                "tiny",
                "--init",
                "/usr/bin/redis-server",
                "--root",
                image.name(),
                "--trace",
                "--seconds",
                "20",
                "--no-cache",
                "--net",
                "user",
                "--publish",
                PORT + ":" + PORT,
                "-o",
                jar.toString(),
                "--",
                "--protected-mode",
                "no",
                "--save",
                "");
    }

    private static ImageStore.Image image() throws IOException {
        try {
            return Guest.debian(
                    Suite.read(Path.of("src/test/resources/debian/servers.txt")).packages());
        } catch (ImageException unreachable) {
            return abort("Debian's packages cannot be had here: " + unreachable.getMessage());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** As soon as it listens and answers: the port is there before the server. */
    private Socket connected(Process redis, int port) throws IOException {
        long until = System.nanoTime() + PATIENCE;
        while (System.nanoTime() < until && redis.isAlive()) {
            if (Files.readString(folder.resolve("log")).contains("Ready to accept connections")) {
                try {
                    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
                    client.setSoTimeout(30_000);
                    return client;
                } catch (ConnectException notYet) {
                    LockSupport.parkNanos(10_000_000);
                }
            }
            LockSupport.parkNanos(10_000_000);
        }
        throw new AssertionError("it does not listen: " + Files.readString(folder.resolve("log")));
    }

    /** Sends, and reads as many bytes as the answer should have. */
    private static String ask(Socket client, String request, String answer) throws IOException {
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = client.getInputStream();
        return new String(in.readNBytes(answer.length()), StandardCharsets.US_ASCII);
    }
}
