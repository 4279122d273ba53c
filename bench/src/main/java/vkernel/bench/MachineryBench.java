package vkernel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/**
 * What it costs a system call that everything could be replaced, when nothing is: the same kernel with its sockets (slots,
 * KernelSlot, HostSlot) as they are, <em>wired</em>, and <em>twice</em>. Wired: what is in them are plain fields, which are
 * never empty, so the JVM may keep them and nothing is checked. Twice: each look is made, and checked, a second time. Each
 * is a JVM of its own, in changing order; processor time of the hart's thread. Two processes of one kind differ by more than the
 * cost: so what is compared are the two of one round, which follow each other, and the median of many rounds is told with
 * the interval in which it lies by 95 %. A cost is one that both comparisons see; the limit is missed when they are sure of
 * that.
 */
public final class MachineryBench {
    private static final int ROUNDS = Integer.getInteger("rounds", 15);
    private static final double MOST = 2; // percent
    private static final int SAMPLES = 9;
    private static final int WARM = 6;
    private static final int CALLS = 300_000;
    private static final List<String> ROWS = List.of("getppid", "write-null", "sched_yield");

    private enum Kind {
        AS_IS,
        WIRED,
        TWICE
    }

    private static final String KERNEL_SLOT = "guest.api/src/main/java/vkernel/kern/KernelSlot.java";
    private static final String SLOT = "guest.api/src/main/java/vkernel/kern/Slot.java";
    private static final String HOST_SLOT = "host.api/src/main/java/vkernel/host/HostSlot.java";
    /** The fields that say who is in a socket, by source: type and name. */
    private static final Map<String, String> FIELDS =
            Map.of(SLOT, "T provider", KERNEL_SLOT, "KernelCode code", HOST_SLOT, "Machine machine");

    private MachineryBench() {}

    /** @param args the folder of the guest programs, the repository; as a child: the folder, {@code child}, rows */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args[1].equals("child")) {
            child(Path.of(args[0]), List.of(args).subList(2, args.length));
            return;
        }
        List<String> rows = args.length > 2 ? List.of(args).subList(2, args.length) : ROWS;
        Map<Kind, List<double[]>> times = new EnumMap<>(Kind.class);
        Map<Kind, Path> classes = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            times.put(kind, new ArrayList<>());
            classes.put(kind, compiled(kind, Path.of(args[1]), Path.of(args[0])));
        }
        for (int round = 0; round < ROUNDS; round++) {
            List<Kind> order = new ArrayList<>(List.of(Kind.values()));
            Collections.rotate(order, round);
            for (Kind kind : order) {
                times.get(kind).add(measured(classes.get(kind), args[0], rows));
            }
            System.err.printf("[round %d of %d]%n", round + 1, ROUNDS);
        }
        if (!table(rows, times)) {
            System.exit(1);
        }
    }

    private static boolean table(List<String> rows, Map<Kind, List<double[]>> times) {
        System.out.printf(
                "%d rounds, medians of processor time, [95 %% of the median]; limit: %.0f %%%n%n", ROUNDS, MOST);
        System.out.println("| call | as it is | wired | twice | against wired | the second time |");
        System.out.println("|---|---|---|---|---|---|");
        boolean good = true;
        for (int row = 0; row < rows.size(); row++) {
            double is = median(times.get(Kind.AS_IS), row);
            double wired = median(times.get(Kind.WIRED), row);
            double twice = median(times.get(Kind.TWICE), row);
            Cost cost = Cost.of(times.get(Kind.AS_IS), times.get(Kind.WIRED), row);
            Cost more = Cost.of(times.get(Kind.TWICE), times.get(Kind.AS_IS), row);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f ns | %.1f ns | %.1f ns | %s | %s |%n",
                    rows.get(row),
                    is,
                    wired,
                    twice,
                    cost,
                    more);
            good &= Math.min(cost.least, more.least) < MOST;
        }
        return good;
    }

    /** What one kind costs more than another, percent: the median of the rounds, and where it lies by 95 %. */
    private record Cost(double least, double median, double most) {
        static Cost of(List<double[]> one, List<double[]> other, int row) {
            double[] costs = new double[one.size()];
            Arrays.setAll(costs, round -> 100 * (one.get(round)[row] / other.get(round)[row] - 1));
            Arrays.sort(costs);
            int middle = costs.length / 2;
            int away = (int) Math.ceil(0.98 * Math.sqrt(costs.length)); // binomial: 1.96 deviations of half a root
            return new Cost(
                    costs[Math.max(0, middle - away)], costs[middle], costs[Math.min(costs.length - 1, middle + away)]);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%+.1f %% [%+.1f, %+.1f]", median, least, most);
        }
    }

    private static double median(List<double[]> rounds, int row) {
        double[] values =
                rounds.stream().mapToDouble(round -> round[row]).sorted().toArray();
        return values[values.length / 2];
    }

    /** The sockets of a kind, as classes that come before those of the kernel on the class path. */
    private static Path compiled(Kind kind, Path repository, Path programs) throws IOException {
        Path folder = Files.createDirectories(programs.resolveSibling("machinery").resolve(kind.name()));
        List<String> command = new ArrayList<>(List.of(
                "-nowarn", "-proc:none", "-Xlint:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        for (String file : List.of(SLOT, KERNEL_SLOT, HOST_SLOT)) {
            Path edited = folder.resolve(Path.of(file).getFileName());
            Files.writeString(edited, edited(Files.readString(repository.resolve(file)), file, kind));
            command.add(edited.toString());
        }
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new)) != 0) {
            throw new IOException("the sockets do not compile as " + kind);
        }
        return folder;
    }

    private static String edited(String source, String file, Kind kind) {
        String type = FIELDS.get(file).split(" ")[0];
        String field = FIELDS.get(file).split(" ")[1];
        String declared = "private volatile @Nullable " + type + " " + field + ";";
        Pattern look = Pattern.compile(
                "( +)" + type + " now = " + field + ";\n +if \\(now == null\\) (\\{\n)?.*throw (.*);(\n +\\})?\n +return now;");
        Matcher found = look.matcher(source);
        if (!source.contains(declared) || !found.find()) {
            throw new IllegalStateException(file + " is not as it was");
        }
        String edited = switch (kind) {
            case AS_IS -> source;
            case WIRED -> found.replaceFirst("$1return " + field + ";").replace(declared, declared.replace("volatile ", ""));
            case TWICE -> found.replaceFirst(
                    "$1" + type + " now = " + field + ";\n$1if (now == null) throw $3;\n"
                    + "$1" + type + " again = " + field + ";\n"
                    + "$1if (again == null || again.getClass() != now.getClass()) throw $3;\n$1return again;");
        };
        return edited.replaceAll("import org\\.(jspecify|osgi\\.annotation)[^;]*;|@Nullable|@(Provider|Consumer)Type", "");
    }

    private static double[] measured(Path classes, String programs, List<String> rows)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-Dvkernel.home=" + System.getProperty("vkernel.home"),
                "-cp",
                classes + ":" + System.getProperty("java.class.path"),
                MachineryBench.class.getName(),
                programs,
                "child"));
        command.addAll(rows);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("a kernel ended with status " + process.exitValue());
        }
        return Arrays.stream(output.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static void child(Path programs, List<String> rows) throws IOException {
        BootConfig config = BootConfig.standard()
                .withHarts(1)
                .withRoot(HostTar.file("bin/operations", new FileRom(programs.resolve("guest"))));
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            for (String row : rows) {
                double[] times = new double[SAMPLES];
                for (int i = 0; i < WARM; i++) {
                    nanos(kernel, row); // what is cold is not what is asked here
                }
                Arrays.setAll(times, i -> nanos(kernel, row));
                Arrays.sort(times);
                System.out.print(times[SAMPLES / 2] + " ");
            }
        }
    }

    /** Processor time of a call: what others took of a shared machine is not in it. */
    private static double nanos(VirtualKernel kernel, String row) {
        long before = hart();
        Output output = kernel.run("/bin/operations", "-j", "1", "-n", Integer.toString(CALLS), row);
        if (output.status() != 0) {
            throw new IllegalStateException(row + ": status " + output.status() + " " + output.err());
        }
        return (double) (hart() - before) / CALLS;
    }

    /** Processor time of the hart's thread. */
    private static long hart() {
        Thread hart = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("hart"))
                .findFirst()
                .orElseThrow();
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(hart.threadId());
    }
}
