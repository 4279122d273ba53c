package vkernel.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.MemoryChannel;
import vkernel.boot.Program;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;

/**
 * What a swap costs the guest: every subsystem is replaced again and again by another copy of itself, and updated in
 * place, under processes that check each byte and each result ({@code swap/load.c}). Ends with status 1 when a call
 * failed, a byte was wrong, or an old class loader stayed.
 */
public final class SwapBench {
    private static final int SIGTERM = 15;
    private static final int UPDATES = 20;
    private static final int COLLECTIONS = 60;

    private final VirtualKernel kernel;
    private final Program load;
    private final MemoryChannel out = new MemoryChannel(new byte[0]);
    private final MemoryChannel err = new MemoryChannel(new byte[0]);

    private SwapBench(BootConfig config, int tasks, int megabytes) throws InterruptedException {
        kernel = VirtualKernel.boot(config);
        load = kernel.launch(
                List.of("/bin/load", Integer.toString(tasks), Integer.toString(megabytes)),
                config.env(),
                "/",
                new MemoryChannel(new byte[0]),
                out,
                err);
        while (out.written().length == 0) {
            if (load.status().isDone()) {
                throw new IllegalStateException("the load ended: " + new String(err.written()));
            }
            Thread.sleep(20);
        }
    }

    /** @param args the folder of the guest program; then the number of swaps of each subsystem */
    public static void main(String[] args) throws IOException, InterruptedException, BundleException {
        BootConfig config = BootConfig.standard()
                .withHarts(2)
                .withRoot(HostTar.file("bin/load", new FileRom(Path.of(args[0]).resolve("load"))));
        int swaps = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        boolean good = new SwapBench(config.withMemory(1L << 30), 200, 512).everySubsystem(swaps);
        System.out.println("\n| memory in use | swaps of vm | pause p50 | p99 |\n|---|---|---|---|");
        good &= new SwapBench(config.withMemory(256L << 20), 20, 64).memory(64, swaps);
        good &= new SwapBench(config.withMemory(2560L << 20), 20, 2048).memory(2048, swaps);
        if (!good) {
            System.exit(1);
        }
    }

    private boolean everySubsystem(int swaps) throws IOException, BundleException {
        System.out.println("| subsystem | swaps | pause p50 | p99 | most | calls made again | failed | update p50 | most |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        boolean good = true;
        long heap = 0;
        Map<String, Bundle> subsystems = subsystems();
        for (Map.Entry<String, Bundle> subsystem : subsystems.entrySet()) {
            List<SwapReport> reports = new ArrayList<>();
            for (int i = 0; i < swaps; i++) {
                reports.add(swap(subsystem.getKey(), subsystem.getValue().getSymbolicName()));
            }
            long[] pauses = reports.stream().mapToLong(SwapReport::pause).sorted().toArray();
            long[] updates = updates(subsystem.getKey(), subsystem.getValue());
            int failed = reports.stream().mapToInt(SwapReport::failed).sum();
            int again = reports.stream().mapToInt(SwapReport::restarted).sum();
            good &= failed == 0;
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %s | %s | %s | %d | %d | %s | %s |%n",
                    subsystem.getKey(),
                    swaps,
                    millis(at(pauses, 0.5)),
                    millis(at(pauses, 0.99)),
                    millis(at(pauses, 1)),
                    again,
                    failed,
                    millis(at(updates, 0.5)),
                    millis(at(updates, 1)));
            if (heap == 0) {
                heap = settledHeap();
            }
        }
        int held = held();
        System.out.printf(
                Locale.ROOT,
                "%nheap after the first subsystem %d MiB, after all %d MiB; %d former class loaders held%n",
                heap >> 20,
                settledHeap() >> 20,
                held);
        return end() && good && held == 0;
    }

    private boolean memory(int megabytes, int swaps) {
        String bundle = subsystems().get("vm").getSymbolicName();
        long[] pauses = new long[swaps];
        for (int i = 0; i < swaps; i++) {
            pauses[i] = swap("vm", bundle).pause();
        }
        java.util.Arrays.sort(pauses);
        System.out.printf(
                Locale.ROOT, "| %d MiB | %d | %s | %s |%n", megabytes, swaps, millis(at(pauses, 0.5)), millis(at(pauses, 0.99)));
        return end();
    }

    /** Names of slots and the bundles in them now. */
    private Map<String, Bundle> subsystems() {
        Map<String, Bundle> subsystems = new TreeMap<>();
        for (Swaps.Standing standing : swaps().standings()) {
            if (!standing.provider().isEmpty()) {
                String id = standing.provider().split("[# ]")[1];
                subsystems.put(standing.subsystem().split("\\+")[0], kernel.context().getBundle(Long.parseLong(id)));
            }
        }
        return subsystems;
    }

    private Swaps swaps() {
        return kernel.service(Swaps.class);
    }

    private SwapReport swap(String subsystem, String bundle) {
        SwapReport report = swaps().swap(subsystem, bundle, false);
        if (!report.ok()) {
            throw new IllegalStateException(report.toString());
        }
        return report;
    }

    /** Updates the bundle that serves in place: from when it stops until a provider serves again. */
    private long[] updates(String subsystem, Bundle first) throws BundleException, IOException {
        Bundle bundle = Objects.requireNonNull(subsystems().get(subsystem));
        byte[] jar = Files.readAllBytes(Path.of(first.getLocation().replaceFirst("^reference:", "").replaceFirst("^file:(//)?", "")));
        long[] times = new long[UPDATES];
        for (int i = 0; i < UPDATES; i++) {
            long begin = System.nanoTime();
            bundle.update(new ByteArrayInputStream(jar));
            while (!kernel.kernel().running()) {
                Thread.onSpinWait();
            }
            times[i] = System.nanoTime() - begin;
        }
        java.util.Arrays.sort(times);
        return times;
    }

    private int held() {
        int held = Integer.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS && held > 0; i++) { // the JVM's compiler holds classes until it has done its work
            System.gc();
            held = swaps().standings().stream().mapToInt(Swaps.Standing::held).sum();
        }
        return held;
    }

    private static long settledHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private boolean end() {
        load.signal(SIGTERM);
        int status = load.status().join();
        System.out.printf("the load's status %d: %s%s%n", status, new String(out.written()).replace("\n", " "), new String(err.written()));
        kernel.close();
        return status == 0;
    }

    private static long at(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))];
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
    }
}
