package vkernel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.host.MachineConfig.Time;

/**
 * What it costs that guest code can be preempted, traps precisely, computes floats exactly and counts its
 * instructions: CPU time of the hart with everything, and without each in turn; and in virtual time. Several JVMs each, as
 * code comes to lie elsewhere each time, the ways in turn; the least time counts, since what others do on the machine only
 * adds to it. Ends with status 1 if a program
 * fails, or prints something else from one run to the next.
 */
public final class CostsBench {
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int JVMS = Integer.getInteger("jvms", 5);
    private static final String ENGINE = System.getProperty("engine", "native");
    /** What the engines' bench-only switch takes away; "" is nothing. */
    private static final List<String> WAYS = List.of("", "attention", "traps", "fp", "budget", "virtual");

    private static final List<String> PROGRAMS = List.of("calls", "copy", "hash", "list", "nbody", "sort");

    private CostsBench() {}

    /** @param args the folder of the programs; then their names, or "--one", a way and a name for one JVM */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 4 && args[1].equals("--one")) {
            one(Path.of(args[0], "guest", args[3]), args[2].equals("virtual"));
            return;
        }
        List<String> programs = args.length > 1 ? List.of(args).subList(1, args.length) : PROGRAMS;
        System.out.printf(
                "%-9s %9s %11s %11s %11s %11s %11s%n",
                "program", "steady s", "preemption", "precise", "exact fp", "budget", "virtual");
        Map<String, List<Double>> all = new LinkedHashMap<>();
        for (String program : programs) {
            Map<String, List<Double>> seconds = new TreeMap<>();
            for (int i = 0; i < JVMS; i++) {
                for (String way : WAYS) {
                    seconds.computeIfAbsent(way, w -> new ArrayList<>()).add(inOwnJvm(args[0], way, program));
                }
            }
            double whole = Collections.min(seconds.get(""));
            System.out.printf("%-9s %9.3f", program, whole);
            for (String way : WAYS.subList(1, WAYS.size())) {
                double other = Collections.min(seconds.get(way));
                double cost = way.equals("virtual") ? other / whole - 1 : whole / other - 1;
                all.computeIfAbsent(way, w -> new ArrayList<>()).add(cost);
                System.out.printf(" %10.1f%%", 100 * cost);
            }
            System.out.println();
        }
        System.out.printf("%-9s %9s", "median", "");
        all.values().forEach(costs -> System.out.printf(" %10.1f%%", 100 * median(costs)));
        System.out.println();
    }

    private static double inOwnJvm(String folder, String way, String program) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(ProcessHandle.current().info().command().orElseThrow());
        line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        if (!way.equals("virtual")) line.add("-Dvkernel.engine.without=" + way);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), CostsBench.class.getName()));
        line.addAll(List.of(folder, "--one", way.isEmpty() ? "all" : way, program));
        Process jvm = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(jvm.getInputStream().readAllBytes()).trim();
        if (jvm.waitFor() != 0) throw new IOException(program + " without " + way + ": " + printed);
        return Double.parseDouble(printed.lines().toList().getLast());
    }

    private static void one(Path program, boolean virtual) throws IOException {
        String inGuest = "bin/" + program.getFileName();
        BootConfig config = BootConfig.standard()
                .withEngine(ENGINE)
                .withRoot(HostTar.file(inGuest, new FileRom(program)));
        if (virtual) config = config.withTime(Time.VIRTUAL, 0);
        List<Double> seconds = new ArrayList<>();
        String first = null;
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            for (int i = 0; i < ROUNDS; i++) {
                double before = EngineBench.hartSeconds();
                Output output = kernel.run("/" + inGuest);
                seconds.add(EngineBench.hartSeconds() - before);
                if (first == null) first = output.out();
                if (output.status() != 0 || !first.equals(output.out()))
                    throw new IOException("wrong: " + output.out());
            }
        }
        System.out.println(Collections.min(seconds));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
