package vkernel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/**
 * Operations of the kernel here, of the Linux beneath it and of qemu-riscv64's user mode on that Linux: the same program
 * row by row in turn, medians of its rounds. Then how much faster two harts are than one.
 */
public final class OperationsBench {
    private static final List<String> ROWS = List.of(
            "getppid", "clock_gettime", "write-null", "sched_yield", "fork+wait", "fork+exec+wait", "thread",
            "anonymous-fault", "cow-fault", "file-fault", "mmap+munmap", "pipe-ping-pong", "pipe", "signal", "segv",
            "stat", "open+close", "create", "unlink", "read-4k", "write-4k", "read-1m", "write-1m");
    /** Kinds of work for eight processes, and how much each does. */
    private static final Map<String, Integer> JOBS =
            Map.of("compute", 45_000, "getppid", 4_000_000, "anonymous-fault", 60_000, "fork+exec+wait", 300);
    /** Rounds before those that count, and these. */
    private static final int WARM = 3, ROUNDS = 5;

    private static final String[] TIMING = {"-s", "0.25", "-r", "5"};
    /** Where the host's programs have their files: in memory, as the guest's are. */
    private static final Path HOST_FILES = Path.of("/dev/shm");

    private OperationsBench() {}

    /** @param args the folder of the programs, then names of rows, none for all, {@code harts} and names of jobs for two harts alone */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        List<String> wanted = args.length > 1 ? List.of(args).subList(1, args.length) : ROWS;
        boolean onlyHarts = wanted.getFirst().equals("harts");
        if (onlyHarts) check(wanted.subList(1, wanted.size()), JOBS.keySet());
        else check(wanted, ROWS);
        BootConfig config = BootConfig.standard()
                .withRoot(HostTar.file("bin/operations", new FileRom(folder.resolve("guest"))));
        System.out.println("| operation | here | native Linux | qemu-riscv64 | here/native | here/qemu |");
        System.out.println("|---|---|---|---|---|---|");
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            for (String row : onlyHarts ? List.<String>of() : wanted) {
                guest(kernel, "-s", "0.5", "-r", "6", row); // what is cold is not what is asked here
                double here = guest(kernel, TIMING[0], TIMING[1], TIMING[2], TIMING[3], row);
                OptionalDouble nativeLinux = host(List.of(folder.resolve("native").toString()), row);
                OptionalDouble qemu = host(List.of("qemu-riscv64", folder.resolve("guest").toString()), row);
                System.out.printf(
                        "| %s | %s | %s | %s | %s | %s |%n",
                        row,
                        rate(here),
                        nativeLinux.isPresent() ? rate(nativeLinux.getAsDouble()) : "-",
                        qemu.isPresent() ? rate(qemu.getAsDouble()) : "-",
                        ratio(here, nativeLinux),
                        ratio(here, qemu));
            }
        }
        if (args.length == 1 || onlyHarts) {
            harts(config, onlyHarts ? wanted.subList(1, wanted.size()) : List.of());
        }
    }

    /** Ends the JVM with status 2 and what there is, if names of rows are wanted that are none. */
    static void check(Collection<String> wanted, Collection<String> known) {
        List<String> unknown = wanted.stream().filter(row -> !known.contains(row)).toList();
        if (!unknown.isEmpty()) {
            System.err.println("no row " + String.join(", ", unknown) + "; there are " + String.join(", ", known));
            System.exit(2);
        }
    }

    private static double guest(VirtualKernel kernel, String... arguments) throws IOException {
        String[] command = Stream.concat(Stream.of("/bin/operations"), Stream.of(arguments)).toArray(String[]::new);
        Output output = kernel.run(command);
        if (output.status() != 0) {
            throw new IOException(String.join(" ", command) + ": status " + output.status() + " " + output.err());
        }
        return number(output.out());
    }

    /** @return nothing when the peer cannot do it, as qemu's user mode cannot start a program of its own kind */
    private static OptionalDouble host(List<String> program, String row) throws IOException, InterruptedException {
        List<String> folder = Files.isDirectory(HOST_FILES) ? List.of("-d", HOST_FILES.toString()) : List.of();
        List<String> command = Stream.of(program, folder, List.of(TIMING), List.of(row)).flatMap(List::stream).toList();
        Process process = new ProcessBuilder(command).start();
        String output = new String(process.getInputStream().readAllBytes());
        return process.waitFor() == 0 ? OptionalDouble.of(number(output)) : OptionalDouble.empty();
    }

    private static double number(String line) {
        return Double.parseDouble(line.strip().split(" ")[1]);
    }

    private static String rate(double value) {
        if (value >= 1e6) {
            return String.format(Locale.ROOT, "%.2f M", value / 1e6);
        }
        return value >= 1e4
                ? String.format(Locale.ROOT, "%.1f K", value / 1e3)
                : String.format(Locale.ROOT, "%.0f", value);
    }

    private static String ratio(double here, OptionalDouble peer) {
        return peer.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", here / peer.getAsDouble());
    }

    /**
     * Two harts against one, by the clock, and by what the harts' threads took of it: processor time, and sleep, which
     * with two harts is waiting for each other. What others took of a shared machine is in the clock alone. Both kernels
     * are warm, and work in turn: medians.
     */
    private static void harts(BootConfig config, List<String> jobs) throws IOException {
        System.out.println("\n| eight processes | clock: one hart | two | faster | own time: one hart | two | faster | goal |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        try (VirtualKernel single = VirtualKernel.boot(config.withHarts(1));
                VirtualKernel twin = VirtualKernel.boot(config.withHarts(2))) {
            for (Map.Entry<String, Integer> job : JOBS.entrySet()) {
                if (!jobs.isEmpty() && !jobs.contains(job.getKey())) {
                    continue;
                }
                List<Together> ones = new ArrayList<>();
                List<Together> twos = new ArrayList<>();
                for (int round = -WARM; round < ROUNDS; round++) {
                    Together one = together(single, job);
                    Together two = together(twin, job);
                    if (round >= 0) {
                        ones.add(one);
                        twos.add(two);
                    }
                }
                print(job.getKey(), median(ones), median(twos));
            }
        }
    }

    private static void print(String job, Together one, Together two) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f s | %.2f s | %.2f | %.2f s | %.2f s | %.2f | 1.6 |%n",
                job,
                one.clock,
                two.clock,
                one.clock / two.clock,
                one.own,
                two.own,
                one.own / two.own);
    }

    /**
     * @param clock seconds
     * @param own seconds in which the hart that had most ran or slept, and did not wait for a processor
     */
    private record Together(double clock, double own) {}

    private static Together median(List<Together> rounds) {
        double[] clocks = rounds.stream().mapToDouble(Together::clock).sorted().toArray();
        double[] own = rounds.stream().mapToDouble(Together::own).sorted().toArray();
        return new Together(clocks[clocks.length / 2], own[own.length / 2]);
    }

    private static Together together(VirtualKernel kernel, Map.Entry<String, Integer> job) throws IOException {
        Map<Path, Long> before = waited();
        double clock = guest(kernel, "-j", "8", "-n", job.getValue().toString(), job.getKey());
        double least = waited().entrySet().stream()
                .filter(hart -> before.containsKey(hart.getKey()))
                .mapToDouble(hart -> (hart.getValue() - before.get(hart.getKey())) / 1e9)
                .filter(seconds -> seconds > 0) // the harts of the other kernel sleep
                .min()
                .orElse(0);
        return new Together(clock, clock - least);
    }

    /** Nanoseconds that each hart's thread has waited for a processor (Linux: Documentation/scheduler/sched-stats.rst). */
    private static Map<Path, Long> waited() throws IOException {
        Map<Path, Long> waited = new HashMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).startsWith("hart")) {
                    String schedstat = Files.readString(thread.resolve("schedstat"));
                    waited.put(thread, Long.parseLong(schedstat.strip().split(" ")[1]));
                }
            }
        }
        return waited;
    }
}
