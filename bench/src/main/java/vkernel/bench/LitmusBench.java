package vkernel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/**
 * The litmus tests of the suite ({@code it/guest/litmus.c}) for as long as is wanted, on two harts with
 * every engine that translates, in turn. Ends with status 1 if there was an outcome that RVWMO forbids, or if any line is not what the
 * suite expects.
 */
public final class LitmusBench {
    private static final int ROUNDS = 4_000;
    /** As in litmus.c. */
    private static final int CELLS = 64;

    private static final Pattern COUNT = Pattern.compile("(.*): (\\d+) (?:forbidden|seen, as they may be)");

    private LitmusBench() {}

    /** @param args the program, the lines it is expected to print, seconds */
    public static void main(String[] args) throws IOException {
        List<String> expected = Files.readAllLines(Path.of(args[1]));
        long seconds = args.length > 2 ? Long.parseLong(args[2]) : 60;
        BootConfig config =
                BootConfig.standard().withHarts(2).withRoot(HostTar.file("bin/litmus", new FileRom(Path.of(args[0]))));
        Map<String, Long> counts = new LinkedHashMap<>();
        int runs = 0;
        boolean right = true;
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            List<String> engines = new ArrayList<>(kernel.host().engines());
            engines.remove("interpreter");
            long end = System.nanoTime() + seconds * 1_000_000_000;
            while (System.nanoTime() < end) {
                kernel.host().useEngine(engines.get(runs % engines.size()));
                Output output = kernel.run("/bin/litmus", Integer.toString(ROUNDS), "all");
                right &= output.status() == 0 && judge(output.out().lines().toList(), expected, counts);
                runs++;
            }
        }
        System.out.printf("%-45s %15s %12s%n", "test", "tried", "seen");
        for (var count : counts.entrySet()) {
            System.out.printf("%-45s %,15d %,12d%n", count.getKey(), (long) runs * ROUNDS * CELLS, count.getValue());
        }
        System.out.println(right ? "no forbidden outcome, no line but those expected" : "WRONG, see above");
        System.exit(right ? 0 : 1);
    }

    private static boolean judge(List<String> lines, List<String> expected, Map<String, Long> counts) {
        boolean right = lines.containsAll(expected) && lines.size() == expected.size() + 1;
        for (String line : lines) {
            Matcher count = COUNT.matcher(line);
            if (count.matches()) counts.merge(count.group(1), Long.valueOf(count.group(2)), Long::sum);
            if (line.contains("forbidden") && !expected.contains(line)) System.out.println(line);
        }
        if (!right) System.out.println(String.join("\n", lines));
        return right;
    }
}
