package vkernel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.boot.compose.KernelFile;
import vkernel.boot.compose.Resolution;
import vkernel.boot.compose.Workbench;
import vkernel.kern.Recomposition;

/**
 * What each shipped kernel is and costs: its parts, their size, how long they take to be resolved and to boot in a JVM
 * that has done nothing before and in one that has, what they hold; and how long a running kernel takes to be composed
 * anew. Then what a kernel per test costs ({@link KernelsBench}). Ends with 1 when a kernel does not run a program or a change does not do what it should.
 */
public final class CompositionsBench {
    private static final List<String> KERNELS = List.of("tiny", "posix", "net", "dev", "bench");
    private static final int ROUNDS = 7;
    private static final String ONE = "one";

    /** @param args nothing, or what a JVM of its own is to measure */
    public static void main(String[] args) throws Exception {
        if (args.length > 1 && args[0].equals(ONE)) {
            System.out.println(args[1].equals("resolve") ? resolve(args[2]) : boot(args[2]));
            System.exit(0);
        }
        System.out.println("| kernel | parts | jars | resolved, first | again | booted, first | again | heap | resident |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (String kernel : KERNELS) {
            System.out.println("| `" + kernel + "` " + child("resolve", kernel) + child("boot", kernel) + "|");
        }
        System.out.println();
        recompose();
        System.out.println();
        KernelsBench.main(new String[0]);
    }

    private static String child(String what, String kernel) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CompositionsBench.class.getName()));
        command.addAll(List.of(ONE, what, kernel));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(kernel + ", " + what + ": status " + process.exitValue());
        }
        return said + " ";
    }

    private record Timed<T>(T value, long millis) {
        static <T> Timed<T> of(Supplier<T> work) {
            long began = System.nanoTime();
            T value = work.get();
            return new Timed<>(value, (System.nanoTime() - began) / 1_000_000);
        }
    }

    /** The manifests are read for the first time, or are known. */
    private static String resolve(String name) throws IOException {
        Timed<Workbench> bench = Timed.of(VirtualKernel::workbench);
        KernelFile kernel = bench.value().kernels().read(name);
        Timed<Resolution> first = Timed.of(() -> bench.value().resolve(kernel));
        Timed<Resolution> again = Timed.of(() -> bench.value().resolve(kernel));
        return String.format(
                Locale.ROOT,
                "| %d | %d KiB | %d ms | %d ms",
                first.value().parts().size(),
                first.value().bytes() >> 10,
                bench.millis() + first.millis(),
                again.millis());
    }

    /** To a first program's output; again with the classes there. */
    private static String boot(String name) throws IOException {
        BootConfig config = BootConfig.standard().withKernel(name);
        long first = booted(config);
        long again = booted(config);
        long before = heap();
        VirtualKernel stays = VirtualKernel.boot(config);
        echo(stays);
        long heap = heap() - before;
        String line = String.format(
                Locale.ROOT, "| %d ms | %d ms | %d KiB | %d MiB", first, again, heap >> 10, resident() >> 10);
        stays.close();
        return line;
    }

    private static long booted(BootConfig config) {
        return Timed.of(() -> {
                    try (VirtualKernel kernel = VirtualKernel.boot(config)) {
                        return echo(kernel);
                    }
                })
                .millis();
    }

    private static boolean echo(VirtualKernel kernel) {
        if (!kernel.run("/bin/echo", "here").out().equals("here\n")) {
            throw new IllegalStateException("the kernel does not run programs");
        }
        return true;
    }

    private static void recompose() {
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            Recomposition running = kernel.service(Recomposition.class);
            double first = millis(running.remove(List.of("device:rtc")));
            double[] adds = new double[ROUNDS];
            double[] removes = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                adds[i] = millis(running.add(List.of("device:rtc")));
                check(kernel, true);
                removes[i] = millis(running.remove(List.of("device:rtc")));
                check(kernel, false);
            }
            Arrays.sort(adds);
            Arrays.sort(removes);
            System.out.println("| a driver, in a running `posix` | median | worst |");
            System.out.println("|---|---|---|");
            row("kernel:add", adds);
            row("kernel:remove", removes);
            System.out.printf(Locale.ROOT, "| the first change, which reads all manifests | %.0f ms | |%n", first);
        }
    }

    private static double millis(Recomposition.Change change) {
        return change.nanos() / 1e6;
    }

    private static void check(VirtualKernel kernel, boolean there) {
        if (kernel.run("/bin/ls", "/dev/rtc0").status() == 0 != there) {
            throw new IllegalStateException("/dev/rtc0 is " + (there ? "not there" : "still there"));
        }
    }

    private static void row(String name, double[] sorted) {
        System.out.printf(
                Locale.ROOT, "| `%s` | %.0f ms | %.0f ms |%n", name, sorted[ROUNDS / 2], sorted[ROUNDS - 1]);
    }

    private static long heap() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** KiB (proc(5)). */
    private static long resident() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        }
    }

    private CompositionsBench() {}
}
