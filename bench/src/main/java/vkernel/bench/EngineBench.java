package vkernel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/**
 * Guest code under this kernel's engine, under qemu-riscv64 and as native code, in turn, on the same programs. CPU time
 * of the guest's hart; medians of the last rounds. The first round is shown apart: it starts cold.
 */
public final class EngineBench {
    private static final int ROUNDS = Integer.getInteger("rounds", 9);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private EngineBench() {}

    /** @param args the folder of the programs, and names of those to run: all without */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        List<String> names = List.of(args).subList(1, args.length);
        if (names.isEmpty()) names = names(folder.resolve("guest"));
        System.out.printf(
                "%-10s %8s %8s %8s %8s %8s %8s %8s%n",
                "program", "MIPS", "first s", "second s", "steady s", "qemu s", "native s", "ratio");
        List<Double> ratios = new ArrayList<>();
        for (String name : names) ratios.add(measure(folder, name));
        double logs = ratios.stream().mapToDouble(Math::log).sum();
        System.out.printf("geometric mean of the ratios: %.2f%n", Math.exp(logs / ratios.size()));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static double measure(Path folder, String name) throws IOException, InterruptedException {
        Path program = folder.resolve("guest").resolve(name);
        BootConfig config = BootConfig.standard().withRoot(HostTar.file("bin/" + name, new FileRom(program)));
        double[] ours = new double[ROUNDS];
        double[] qemus = new double[ROUNDS];
        double[] natives = new double[ROUNDS];
        long instructions = 0;
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            for (int i = 0; i < ROUNDS; i++) {
                long retired = kernel.host().hart(0).retired;
                double before = hartSeconds();
                Output output = kernel.run("/bin/" + name);
                if (output.status() != 0) throw new IOException(name + " ended with status " + output.status());
                ours[i] = hartSeconds() - before;
                instructions = kernel.host().hart(0).retired - retired;
                if (i % 3 != 2) continue; // every third round is enough of those
                qemus[i] = seconds("qemu-riscv64", program.toString());
                natives[i] = seconds(folder.resolve("native").resolve(name).toString());
            }
        }
        double steady = median(Arrays.copyOfRange(ours, ROUNDS / 2, ROUNDS));
        double qemu = median(Arrays.stream(qemus).filter(s -> s > 0).toArray());
        double fast = median(Arrays.stream(natives).filter(s -> s > 0).toArray());
        System.out.printf(
                "%-10s %8.0f %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f%n",
                name, instructions / 1e6 / steady, ours[0], ours[1], steady, qemu, fast, qemu / steady);
        return qemu / steady;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** CPU time of the harts' threads. */
    private static double hartSeconds() {
        long nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("hart")) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos / 1e9;
    }

    /** CPU time of a program. */
    private static double seconds(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%U %S'; time \"$@\" >/dev/null", "time"));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line).start();
        String[] times = new String(process.getErrorStream().readAllBytes()).trim().split(" ");
        if (process.waitFor() != 0 || times.length != 2) throw new IOException(command[0] + " does not run");
        return Double.parseDouble(times[0]) + Double.parseDouble(times[1]);
    }
}
