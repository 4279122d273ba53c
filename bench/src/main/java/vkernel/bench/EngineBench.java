package vkernel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/**
 * Guest code under this kernel's engine and under qemu-riscv64, in turn, on the same programs. CPU time of the guest;
 * medians of several rounds, of which the first, cold one is shown apart.
 */
public final class EngineBench {
    private static final int ROUNDS = 5;

    private EngineBench() {}

    /** @param args the folder of the guest programs */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<Path> programs;
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            programs = files.sorted().toList();
        }
        System.out.printf(
                "%-12s %14s %12s %12s %10s %8s%n",
                "program", "instructions", "cold MIPS", "warm MIPS", "qemu MIPS", "ratio");
        for (Path program : programs) {
            measure(program);
        }
    }

    private static void measure(Path program) throws IOException, InterruptedException {
        String name = program.getFileName().toString();
        BootConfig config = BootConfig.standard().withRoot(HostTar.file("bin/" + name, new FileRom(program)));
        double[] rates = new double[ROUNDS];
        double[] peers = new double[ROUNDS];
        long instructions = 0;
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            for (int i = 0; i < ROUNDS; i++) {
                long retired = kernel.host().hart(0).retired;
                long user = kernel.kernel().stats().user;
                Output output = kernel.run("/bin/" + name);
                if (output.status() != 0) {
                    throw new IOException(name + " ended with status " + output.status());
                }
                instructions = kernel.host().hart(0).retired - retired;
                rates[i] = instructions * 1e3 / (kernel.kernel().stats().user - user);
                peers[i] = instructions / 1e6 / qemuSeconds(program);
            }
        }
        double cold = rates[0];
        double warm = median(Arrays.copyOfRange(rates, 1, ROUNDS));
        double peer = median(peers);
        System.out.printf(
                "%-12s %14d %12.0f %12.0f %10.0f %8.2f%n", name, instructions, cold, warm, peer, warm / peer);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** CPU time of the program under qemu's user mode. */
    private static double qemuSeconds(Path program) throws IOException, InterruptedException {
        Process qemu = new ProcessBuilder(
                        "bash", "-c", "TIMEFORMAT='%U %S'; time qemu-riscv64 \"$0\" >/dev/null", program.toString())
                .start();
        String[] times = new String(qemu.getErrorStream().readAllBytes()).trim().split(" ");
        if (qemu.waitFor() != 0 || times.length != 2) {
            throw new IOException("qemu-riscv64 is missing (apt: qemu-user)");
        }
        return Double.parseDouble(times[0]) + Double.parseDouble(times[1]);
    }
}
