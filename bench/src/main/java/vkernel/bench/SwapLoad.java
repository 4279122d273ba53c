package vkernel.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleReference;
import org.osgi.framework.wiring.BundleWiring;
import vkernel.boot.BootConfig;
import vkernel.boot.MemoryChannel;
import vkernel.boot.Program;
import vkernel.boot.VirtualKernel;
import vkernel.kern.SwapLocation;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;

/** A kernel under processes that check themselves ({@code swap/load.c}), whose subsystems are replaced. */
final class SwapLoad {
    private static final int SIGTERM = 15;
    private static final int COLLECTIONS = 100;
    /** What a provider does not stand for, and the bundle that does it. */
    private static final Map<String, String> FIXED =
            Map.of("kern", "guest.kern", "host", "host.sim", "engine", "host.riscv");

    private final VirtualKernel kernel;
    private final Program load;
    private final MemoryChannel out = new MemoryChannel(new byte[0]);
    private final MemoryChannel err = new MemoryChannel(new byte[0]);
    /** Of every bundle that was ever a subsystem's. */
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    /** Boots, and waits until every process has done its first round. */
    SwapLoad(BootConfig config, int tasks, int megabytes) throws InterruptedException {
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

    private Swaps swaps() {
        return kernel.service(Swaps.class);
    }

    /** Every subsystem that is there, by its first slot, and the symbolic name of its bundle. */
    Map<String, String> subsystems() {
        Map<String, String> subsystems = new TreeMap<>(FIXED);
        for (Swaps.Standing standing : swaps().standings()) {
            if (!standing.provider().isEmpty()) {
                subsystems.put(standing.subsystem().split("\\+")[0], standing.provider().split("[# ]")[0]);
            }
        }
        return subsystems;
    }

    /** Replaces a subsystem by another copy of the bundle that serves. */
    SwapReport swap(String subsystem) {
        String name = Objects.requireNonNull(subsystems().get(subsystem), subsystem);
        SwapReport report = swaps().swap(subsystem, name, false);
        if (!report.ok()) {
            throw new IllegalStateException(report.toString());
        }
        remember(bundles(name).getLast());
        return report;
    }

    /** Updates the only bundle of a subsystem in place. @return nanoseconds from its stop until a provider serves again */
    long update(String subsystem) throws BundleException, IOException {
        Bundle bundle = bundles(subsystems().get(subsystem)).getFirst();
        remember(bundle);
        byte[] jar = Files.readAllBytes(Path.of(URI.create(SwapLocation.place(bundle))));
        long begin = System.nanoTime();
        bundle.update(new ByteArrayInputStream(jar));
        while (!kernel.kernel().running()) {
            Thread.onSpinWait();
        }
        return System.nanoTime() - begin;
    }

    /** Bundles of a name, in the order in which they came. */
    private List<Bundle> bundles(String name) {
        return Stream.of(kernel.context().getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(name))
                .sorted(Comparator.comparing(Bundle::getBundleId))
                .toList();
    }

    private void remember(Bundle bundle) {
        ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
        if (loaders.stream().noneMatch(known -> known.get() == loader)) {
            loaders.add(new WeakReference<>(loader));
        }
    }

    /**
     * Class loaders of bundles that are not installed any more, or were updated, and are in memory all the same: the names
     * of their bundles, and how often.
     */
    Map<String, Long> held() {
        Map<String, Long> held = heldNow();
        for (int i = 0; i < COLLECTIONS && !held.isEmpty(); i++) { // the JVM's compiler holds classes until it is done
            System.gc();
            held = heldNow();
        }
        return held;
    }

    private Map<String, Long> heldNow() {
        Set<ClassLoader> here = Arrays.stream(kernel.context().getBundles())
                .map(bundle -> bundle.adapt(BundleWiring.class))
                .filter(Objects::nonNull)
                .map(BundleWiring::getClassLoader)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return loaders.stream()
                .map(WeakReference::get)
                .filter(loader -> loader != null && !here.contains(loader))
                .collect(Collectors.groupingBy(
                        loader -> ((BundleReference) loader).getBundle().getSymbolicName(),
                        TreeMap::new,
                        Collectors.counting()));
    }

    /** Ends the load and the kernel. @return what the load has to say against it; empty when all was as it should be */
    String end() {
        load.signal(SIGTERM);
        int status = load.status().join();
        String said = new String(out.written()).replace("\n", " ") + new String(err.written());
        kernel.close();
        System.out.printf("the load's status %d: %s%n", status, said);
        return status == 0 ? "" : "data: " + said;
    }
}
