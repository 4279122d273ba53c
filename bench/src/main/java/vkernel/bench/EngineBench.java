package vkernel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/**
 * Guest code under this kernel's engine, under qemu-riscv64 and as native code, in turn, on the same programs and
 * inputs: our own C kernels and Debian's programs. CPU time of the guest's hart; each program in several JVMs, medians
 * of theirs. "first" starts cold in a kernel that runs, "second" is the next run, "steady" the median of the last three,
 * once rounds do not become faster any more, "cold" the whole command {@code vk run} (wall time, against qemu's). The outputs are compared: a program that prints something else fails the benchmark.
 */
public final class EngineBench {
    /** Rounds at least, and at most while they still become faster. */
    private static final int ROUNDS = Integer.getInteger("rounds", 7);

    private static final int MOST_ROUNDS = Integer.getInteger("rounds.most", Math.max(ROUNDS, 30));
    /** The last so many rounds are steady if they are hardly faster than as many before. */
    private static final int STEADY_ROUNDS = 3;

    private static final double HARDLY = 0.97;
    private static final int JVMS = Integer.getInteger("jvms", 3);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String COLUMNS = "%-9s %6s %7s %7s %7s %6s %7s %7s %6s %8s %7s %7s%n";
    private static final String FIGURES = "%-9s %6.0f %7.2f %7.2f %7.2f %6.0f %7.2f %7.2f %6.2f %8.2f %7.2f %7.2f%n";

    /** What one JVM measures of a program, in this order. */
    private enum Figure {
        MIPS,
        FIRST,
        SECOND,
        STEADY,
        ROUNDS,
        QEMU,
        NATIVE,
        COLD,
        QEMU_WALL
    }

    private EngineBench() {}

    /**
     * @param args the launcher, the folder of the C kernels, Debian's files (or "-"), their archive; then
     *     names of the programs to run, all without; or "--one" and a name, for one JVM of it
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<EngineRow> rows = new ArrayList<>(EngineRow.kernels(Path.of(args[1])));
        if (!args[2].equals("-")) rows.addAll(EngineRow.debian(Path.of(args[2]), args[3]));
        List<String> wanted = List.of(args).subList(4, args.length);
        if (wanted.size() == 2 && wanted.getFirst().equals("--one")) {
            EngineRow row = rows.stream()
                    .filter(r -> r.name().equals(wanted.get(1)))
                    .findFirst()
                    .orElseThrow();
            double[] figures = measure(args, row);
            System.out.println(Arrays.stream(figures).mapToObj(Double::toString).collect(Collectors.joining(" ")));
            return;
        }
        rows.removeIf(row -> !wanted.isEmpty() && !wanted.contains(row.name()));
        table(args, rows);
    }

    private static void table(String[] args, List<EngineRow> rows) throws IOException, InterruptedException {
        System.out.printf(
                COLUMNS, "program", "MIPS", "first s", "second", "steady", "rounds", "qemu s", "native", "ratio", "2nd/st.",
                "cold s", "/qemu");
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (EngineRow row : rows) {
            List<double[]> jvms = new ArrayList<>();
            for (int i = 0; i < JVMS; i++) jvms.add(inOwnJvm(args, row));
            double ratio = median(jvms, f -> f[Figure.QEMU.ordinal()] / f[Figure.STEADY.ordinal()]);
            double second = median(jvms, f -> f[Figure.SECOND.ordinal()] / f[Figure.STEADY.ordinal()]);
            double cold = median(jvms, f -> f[Figure.COLD.ordinal()] / f[Figure.QEMU_WALL.ordinal()]);
            double[] m = new double[Figure.values().length];
            for (int i = 0; i < m.length; i++) {
                int figure = i;
                m[i] = median(jvms, f -> f[figure]);
            }
            System.out.printf(FIGURES, row.name(), m[0], m[1], m[2], m[3], m[4], m[5], m[6], ratio, second, m[7], cold);
            ratios.put(row.name(), ratio);
        }
        double logs = ratios.values().stream().mapToDouble(Math::log).sum();
        System.out.printf("geometric mean of the ratios: %.2f (asked: 1.5)%n", Math.exp(logs / ratios.size()));
        System.out.printf(
                "below 0.8 (asked: none): %s%n",
                ratios.entrySet().stream()
                        .filter(e -> e.getValue() < 0.8)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.joining(" ")));
        System.out.println("asked of 2nd/st.: 1.25; of cold, by qemu's wall time: 2; native -1: not on this machine");
    }

    private static double[] inOwnJvm(String[] args, EngineRow row) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(ProcessHandle.current().info().command().orElseThrow());
        line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), EngineBench.class.getName()));
        line.addAll(List.of(args).subList(0, 4));
        line.addAll(List.of("--one", row.name()));
        Process jvm = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String figures = new String(jvm.getInputStream().readAllBytes()).trim();
        if (jvm.waitFor() != 0) throw new IOException(row.name() + " cannot be measured: " + figures);
        return Arrays.stream(figures.lines().toList().getLast().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static double[] measure(String[] args, EngineRow row) throws IOException, InterruptedException {
        List<Double> ours = new ArrayList<>();
        List<Double> qemus = new ArrayList<>();
        List<Double> walls = new ArrayList<>();
        List<Double> natives = new ArrayList<>();
        long instructions = 0;
        try (VirtualKernel kernel = VirtualKernel.boot(config(args, row))) {
            for (int i = 0; i < ROUNDS || i < MOST_ROUNDS && faster(ours); i++) {
                long retired = kernel.host().hart(0).retired;
                double before = hartSeconds();
                Output output = kernel.run(row.guest().toArray(String[]::new));
                ours.add(hartSeconds() - before);
                instructions = kernel.host().hart(0).retired - retired;
                if (output.status() != 0) throw new IOException(row.name() + ": " + output.status() + output.err());
                if (i % 3 != 0) continue; // every third round is enough of those
                Commands.Took qemu = Commands.time(row.qemu());
                if (!Arrays.equals(qemu.output(), output.outBytes())) {
                    throw new IOException(row.name() + " prints something else than under qemu");
                }
                qemus.add(qemu.cpu());
                walls.add(qemu.wall());
                if (!row.host().isEmpty()) natives.add(Commands.time(row.host()).cpu());
            }
        }
        List<String> cold = new ArrayList<>(List.of(args[0], "run"));
        cold.addAll(row.cold());
        double steady = last(ours, STEADY_ROUNDS);
        double whole = Commands.time(cold).wall();
        return new double[] {
            instructions / 1e6 / steady,
            ours.getFirst(),
            ours.get(1),
            steady,
            ours.size(),
            median(qemus),
            median(natives),
            whole,
            median(walls)
        };
    }

    /** Whether rounds still become faster: HotSpot is not done with the program. */
    private static boolean faster(List<Double> rounds) {
        if (rounds.size() < 2 * STEADY_ROUNDS) return true;
        List<Double> before = rounds.subList(0, rounds.size() - STEADY_ROUNDS);
        return last(rounds, STEADY_ROUNDS) < HARDLY * last(before, STEADY_ROUNDS);
    }

    private static double last(List<Double> rounds, int many) {
        return median(rounds.subList(Math.max(0, rounds.size() - many), rounds.size()));
    }

    private static BootConfig config(String[] args, EngineRow row) throws IOException {
        BootConfig standard = BootConfig.standard().withMemory(512 << 20);
        if (!row.debian()) {
            Path program = Path.of(row.cold().getFirst());
            return standard.withRoot(HostTar.file("bin/" + row.name(), new FileRom(program)));
        }
        return standard.withRoots(List.of(new FileRom(Path.of(args[3]))));
    }

    private interface Of {
        double figure(double[] figures);
    }

    private static double median(List<double[]> jvms, Of of) {
        return median(jvms.stream().map(of::figure).toList());
    }

    private static double median(List<Double> values) {
        return values.isEmpty() ? -1 : values.stream().sorted().toList().get(values.size() / 2);
    }

    /** CPU time of the harts' threads. */
    static double hartSeconds() {
        long nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("hart")) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos / 1e9;
    }
}
