package vkernel.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.MemoryChannel;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/**
 * TCP on each of the ways there are, beside the loopback of the Linux beneath, in turn: bytes of one connection in one
 * direction, and one byte there and back. Ends with 1 when a byte is lost or a connection fails.
 */
public final class NetBench {
    private static final int ROUNDS = 5;
    private static final String SECONDS = "0.5";
    private static final String PORT = "7000";

    /** Asks a server. @return the figure */
    @FunctionalInterface
    private interface Asker {
        double ask(String kind) throws IOException, InterruptedException;
    }

    /** @param from where who asks is @param to where the server is */
    private record Way(String from, String to, Asker asker) {}

    private final String nativeProgram;
    private final FileRom guestProgram;
    private final Path work;

    private NetBench(Path programs, Path work) throws IOException {
        nativeProgram = programs.resolve("native").toString();
        guestProgram = new FileRom(programs.resolve("guest"));
        this.work = work;
    }

    /** @param args the folder of the programs */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("vkernel-net");
        try {
            new NetBench(Path.of(args[0]), work).run();
        } finally {
            Files.deleteIfExists(work.resolve("switch.lock"));
            Files.deleteIfExists(work);
        }
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException {
        int nativePort = freePort();
        int published = freePort();
        String hub = "unix:" + work.resolve("switch");
        Process server = new ProcessBuilder(nativeProgram, "serve", "" + nativePort).start();
        BootConfig outward = config().withOption("net", "user").withOption("publish", published + ":" + PORT);
        try (VirtualKernel one = VirtualKernel.boot(outward);
                VirtualKernel two = VirtualKernel.boot(config().withOption("net", hub + ",1"));
                VirtualKernel three = VirtualKernel.boot(config().withOption("net", hub + ",2"))) {
            serve(one);
            serve(two);
            List<Way> ways = List.of(
                    new Way("native", "native, loopback", kind -> fromHost(nativePort, kind)),
                    new Way("a guest", "itself, loopback", kind -> fromGuest(one, "127.0.0.1", PORT, kind)),
                    new Way("a guest", "native, `--net user`", kind -> fromGuest(one, "10.0.2.2", "" + nativePort, kind)),
                    new Way("native", "a guest, `--publish`", kind -> fromHost(published, kind)),
                    new Way("a guest", "a guest, switch", kind -> fromGuest(three, "10.0.3.1", PORT, kind)));
            System.out.println("| from | to | MB/s | of native | round trip | of native |");
            System.out.println("|---|---|---|---|---|---|");
            table(ways);
        } finally {
            server.destroy();
        }
        Files.deleteIfExists(work.resolve("switch"));
    }

    /** Each way in turn, round by round, so that what else the machine does is everybody's. */
    private static void table(List<Way> ways) throws IOException, InterruptedException {
        List<List<Double>> bytes = new ArrayList<>();
        List<List<Double>> turns = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            for (int i = 0; i < ways.size(); i++) {
                if (round == 0) { // what is cold for the JVM is not what is asked here
                    bytes.add(new ArrayList<>());
                    turns.add(new ArrayList<>());
                }
                double b = ways.get(i).asker.ask("bytes");
                double t = ways.get(i).asker.ask("turns");
                if (round > 0) {
                    bytes.get(i).add(b);
                    turns.get(i).add(t);
                }
            }
        }
        for (int i = 0; i < ways.size(); i++) {
            double rate = median(bytes.get(i));
            double trips = median(turns.get(i));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.0f | %.2f | %.1f us | %.1f |%n",
                    ways.get(i).from,
                    ways.get(i).to,
                    rate / 1e6,
                    rate / median(bytes.getFirst()),
                    1e6 / trips,
                    median(turns.getFirst()) / trips);
        }
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private BootConfig config() {
        return BootConfig.standard().withRoot(HostTar.file("bin/net", guestProgram));
    }

    private static void serve(VirtualKernel kernel) throws IOException {
        MemoryChannel none = new MemoryChannel(new byte[0]);
        var unused = kernel.start(List.of("/bin/net", "serve", PORT), none, none, none);
        Output up = kernel.run("/bin/sh", "-c", "until grep -q ':1B58' /proc/net/tcp; do sleep 0.01; done");
        if (up.status() != 0) throw new IOException("the server does not come up: " + up.err());
    }

    private double fromHost(int port, String kind) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(nativeProgram, "ask", "127.0.0.1", "" + port, kind, SECONDS)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String figure = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) throw new IOException(kind + " to port " + port + " failed");
        return Double.parseDouble(figure.strip());
    }

    private static double fromGuest(VirtualKernel kernel, String host, String port, String kind) throws IOException {
        Output output = kernel.run("/bin/net", "ask", host, port, kind, SECONDS);
        if (output.status() != 0) throw new IOException(kind + " to " + host + " failed: " + output.err());
        return Double.parseDouble(output.out().strip());
    }
}
