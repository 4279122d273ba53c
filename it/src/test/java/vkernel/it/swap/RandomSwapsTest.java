package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.FrameworkWiring;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.it.swap.Wrapped.Way;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.kern.Swaps;

/**
 * Swaps, updates, stops, refreshes, new installations, crashes and rollbacks of every subsystem, the fixed points too, in a
 * random order, under programs that check themselves.
 */
@Timeout(180)
class RandomSwapsTest {
    private static final int STEPS = 60;
    private static final long SEED = Long.getLong("vkernel.seed", System.nanoTime());

    private static final Path BUNDLES = Path.of(System.getProperty("vkernel.home"), "bundles");
    /** What the others stand on. */
    private static final Map<String, String> FIXED_POINTS =
            Map.of("kern", "guest.kern", "host", "host.sim", "engine", "host.riscv");

    private final Random random = new Random(SEED);

    @Test
    void theGuestNoticesNothing() throws Exception {
        System.out.println("RandomSwapsTest seed " + SEED + " (-Dvkernel.seed=)");
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard().withHarts(2))) {
            Map<String, String> slots = slots(kernel);
            List<String> names = slots.keySet().stream().sorted().toList();
            SelfChecking guest = SelfChecking.on(kernel);
            for (int i = 0; i < STEPS; i++) {
                String slot = names.get(random.nextInt(names.size()));
                if (FIXED_POINTS.containsKey(slot)) {
                    stepOfFixedPoint(kernel, slot, slots.get(slot));
                } else {
                    step(kernel, slot, slots.get(slot));
                }
                if (guest.done()) {
                    guest.finish();
                    guest = SelfChecking.on(kernel);
                }
            }
            try {
                guest.finish();
            } catch (Exception | Error e) {
                kernel.service(Swaps.class).history().forEach(System.out::println);
                throw e;
            }
            assertThat(kernel.service(Swaps.class).history())
                    .as("calls failed")
                    .allMatch(report -> report.failed() == 0);
            assertThat(kernel.kernel().stats().oopses).as("oopses").isZero();
            assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
        }
    }

    /** Every slot that has a provider, with its bundle. */
    private static Map<String, String> slots(VirtualKernel kernel) {
        Map<String, String> slots = new HashMap<>(FIXED_POINTS);
        for (Swaps.Standing standing : kernel.service(Swaps.class).standings()) {
            if (!standing.provider().isEmpty()) {
                slots.putIfAbsent(standing.subsystem(), standing.provider().split("#")[0]);
            }
        }
        assertThat(slots.keySet()).contains("vm", "abi", "fs.tmpfs", "dev.mem");
        return slots;
    }

    private void step(VirtualKernel kernel, String slot, String name) throws Exception {
        Swaps swaps = kernel.service(Swaps.class);
        Bundle bundle = first(kernel, name);
        switch (random.nextInt(8)) {
            case 0, 1 -> done(swaps.swap(slot, name, false));
            case 2 -> bundle.update();
            case 3 -> {
                bundle.stop();
                bundle.start();
            }
            case 4 -> swaps.rollback(slot);
            case 5 -> refresh(kernel, bundle);
            case 6 -> {
                bundle.uninstall();
                String jar = BUNDLES.resolve(name + ".jar").toUri().toString();
                kernel.context().installBundle(jar + "?" + random.nextInt()).start();
            }
            default -> {
                MadeBundle bad = MadeBundle.of("guest.fs.vfs", "vkernel.guest.fs.vfs.DentryVfs")
                        .fails(random.nextBoolean() ? Way.THROWS_ON_CALLS : Way.REJECTS, "walk", "open", "close");
                assertThat(swaps.install("random", bad.jar())).hasSize(1);
            }
        }
    }

    private void stepOfFixedPoint(VirtualKernel kernel, String slot, String name) throws Exception {
        if (random.nextBoolean()) {
            done(kernel.service(Swaps.class).swap(slot, name, false));
        } else {
            first(kernel, name).update();
        }
    }

    /** As Gogo's {@code felix:refresh}: whoever is wired to the bundle is wired anew. */
    private static void refresh(VirtualKernel kernel, Bundle bundle) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        kernel.context()
                .getBundle(0)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), event -> done.countDown());
        assertThat(done.await(60, TimeUnit.SECONDS)).as("refreshed").isTrue();
    }

    private static void done(SwapReport report) {
        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.DONE);
    }

    private static Bundle first(VirtualKernel kernel, String name) {
        for (Bundle bundle : kernel.context().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }
}
