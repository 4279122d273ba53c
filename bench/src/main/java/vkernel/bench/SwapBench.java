package vkernel.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleException;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.host.FileRom;
import vkernel.kern.SwapReport;

/**
 * What a swap costs the guest: every subsystem is updated in place, then replaced again and again by another copy of itself,
 * under processes that check each byte and each result. Then the same with little and with much memory, and whether
 * memory is flat. Ends with status 1 when a call failed, a byte was wrong, an old class loader stayed, memory grew, or a
 * limit was missed.
 */
public final class SwapBench {
    private static final long PAUSE_P50 = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PAUSE_P99 = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long UPDATE_P50 = TimeUnit.MILLISECONDS.toNanos(50);
    private static final double SAME = 2; // times
    private static final int UPDATES = 20;
    private static final int TASKS = Integer.getInteger("tasks", 200);
    private static final int MEGABYTES = Integer.getInteger("megabytes", 512);
    private static final String MEMORY = "memory";
    private static final String FLAT = "flat";

    private final BootConfig config;
    private final int swaps;
    private final List<String> missed = new ArrayList<>();
    private final long begin = System.nanoTime();

    private SwapBench(BootConfig config, int swaps) {
        this.config = config;
        this.swaps = swaps;
    }

    /**
     * @param args the folder of the guest program; the number of swaps of each subsystem; then names of subsystems, {@code
     *     memory} and {@code flat}, none for all
     */
    public static void main(String[] args) throws IOException, InterruptedException, BundleException {
        BootConfig config = BootConfig.standard()
                .withHarts(2)
                .withRoot(HostTar.file("bin/load", new FileRom(Path.of(args[0]).resolve("load"))));
        int swaps = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        List<String> wanted = args.length > 2 ? List.of(args).subList(2, args.length) : List.of();
        SwapBench bench = new SwapBench(config, swaps);
        if (wanted.isEmpty() || wanted.stream().anyMatch(name -> !name.equals(MEMORY) && !name.equals(FLAT))) {
            bench.subsystems(wanted);
        }
        if (wanted.isEmpty() || wanted.contains(MEMORY)) {
            bench.memory();
        }
        if (wanted.isEmpty() || wanted.contains(FLAT)) {
            SwapLoad load = new SwapLoad(config.withMemory(256L << 20).withEngine("interpreter"), 30, 32);
            bench.missed.addAll(new Flatness(load).run());
            bench.end(load);
        }
        System.out.printf("%n%d s; missed: %s%n", bench.seconds(), bench.missed.isEmpty() ? "nothing" : bench.missed);
        if (!bench.missed.isEmpty()) {
            System.exit(1);
        }
    }

    private void subsystems(Collection<String> wanted) throws IOException, InterruptedException, BundleException {
        System.out.printf(
                Locale.ROOT,
                "%d processes, %d MiB in use; limits: failed 0, pause p50 %s, p99 %s, update p50 %s%n%n",
                TASKS,
                MEGABYTES,
                new Times(PAUSE_P50).millis(1),
                new Times(PAUSE_P99).millis(1),
                new Times(UPDATE_P50).millis(1));
        SwapLoad load = new SwapLoad(config.withMemory(1L << 30), TASKS, MEGABYTES);
        System.out.println("| subsystem | swaps | pause p50 | p99 | most | calls made again | failed | update p50 | most |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (String subsystem : load.subsystems().keySet()) {
            if (wanted.isEmpty() || wanted.contains(subsystem)) {
                row(load, subsystem);
            }
        }
        Map<String, Long> held = load.held();
        System.out.printf("%nformer class loaders held: %s%n", held);
        expect(held.isEmpty(), "class loaders held: " + held);
        end(load);
    }

    private void row(SwapLoad load, String subsystem) throws IOException, BundleException {
        long[] updates = new long[UPDATES];
        long[] pauses = new long[swaps];
        int failed = 0;
        int again = 0;
        for (int i = 0; i < UPDATES; i++) {
            updates[i] = load.update(subsystem);
        }
        for (int i = 0; i < swaps; i++) {
            SwapReport report = load.swap(subsystem);
            pauses[i] = report.pause();
            failed += report.failed();
            again += report.restarted();
        }
        Times pause = new Times(pauses);
        Times update = new Times(updates);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s | %d | %d | %s | %s |%n",
                subsystem,
                swaps,
                pause.millis(0.5),
                pause.millis(0.99),
                pause.millis(1),
                again,
                failed,
                update.millis(0.5),
                update.millis(1));
        System.err.printf("[%d s]%n", seconds());
        expect(failed == 0, subsystem + ": " + failed + " calls failed");
        expect(pause.at(0.5) <= PAUSE_P50, subsystem + ": pause p50 " + pause.millis(0.5));
        expect(pause.at(0.99) <= PAUSE_P99, subsystem + ": pause p99 " + pause.millis(0.99));
        expect(update.at(0.5) <= UPDATE_P50, subsystem + ": update p50 " + update.millis(0.5));
    }

    /** What a swap of virtual memory costs does not depend on how much of it there is. */
    private void memory() throws InterruptedException {
        System.out.println("\n| memory in use | swaps of vm | pause p50 | p99 |\n|---|---|---|---|");
        Times little = memory(256, 64);
        Times much = memory(2560, 2048);
        double times = (double) much.at(0.5) / little.at(0.5);
        System.out.printf(Locale.ROOT, "%.2f times, at most %.0f%n", times, SAME);
        expect(times <= SAME, String.format(Locale.ROOT, "memory: %.2f times", times));
    }

    private Times memory(int all, int used) throws InterruptedException {
        SwapLoad load = new SwapLoad(config.withMemory((long) all << 20), 20, used);
        long[] pauses = new long[swaps];
        for (int i = 0; i < swaps; i++) {
            pauses[i] = load.swap("vm").pause();
        }
        Times pause = new Times(pauses);
        System.out.printf("| %d MiB | %d | %s | %s |%n", used, swaps, pause.millis(0.5), pause.millis(0.99));
        end(load);
        return pause;
    }

    private void end(SwapLoad load) {
        String wrong = load.end();
        expect(wrong.isEmpty(), wrong);
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            missed.add(otherwise);
        }
    }

    private long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    }
}
