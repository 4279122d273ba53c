package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.it.swap.Wrapped.Way;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.kern.Swaps;

/** Swaps, updates, stops, crashes and rollbacks in a random order, under programs that check themselves. */
@Timeout(180)
class RandomSwapsTest {
    private static final int STEPS = 40;
    private static final long SEED = Long.getLong("vkernel.seed", System.nanoTime());

    /** Bundles of the composition by the slot that they are for. */
    private static final Map<String, String> SLOTS = Map.of(
            "vm", "guest.vm",
            "vfs", "guest.fs.vfs",
            "abi", "guest.linux",
            "streams", "drivers.console",
            "fs.tmpfs", "guest.fs.tmpfs",
            "fs.proc", "guest.fs.procfs",
            "fs.devtmpfs", "guest.fs.devfs",
            "fs.archive", "guest.fs.archive",
            "dev.mem", "drivers.mem",
            "sched", "guest.sched.fair");

    private final Random random = new Random(SEED);

    @Test
    void theGuestNoticesNothing() throws Exception {
        System.out.println("RandomSwapsTest seed " + SEED + " (-Dvkernel.seed=)");
        List<String> slots = SLOTS.keySet().stream().sorted().toList();
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard().withHarts(2))) {
            Swaps swaps = kernel.service(Swaps.class);
            SelfChecking guest = SelfChecking.on(kernel);
            for (int i = 0; i < STEPS; i++) {
                step(kernel, swaps, slots.get(random.nextInt(slots.size())));
                if (guest.done()) {
                    guest.finish();
                    guest = SelfChecking.on(kernel);
                }
            }
            try {
                guest.finish();
            } catch (Exception | Error e) {
                swaps.history().forEach(System.out::println);
                throw e;
            }
            assertThat(swaps.history()).as("calls failed").allMatch(report -> report.failed() == 0);
            assertThat(kernel.kernel().stats().oopses).as("oopses").isZero();
            assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
        }
    }

    private void step(VirtualKernel kernel, Swaps swaps, String slot) throws Exception {
        String name = SLOTS.get(slot);
        Bundle bundle = first(kernel, name);
        switch (random.nextInt(6)) {
            case 0, 1 -> done(swaps.swap(slot, name, false));
            case 2 -> bundle.update();
            case 3 -> {
                bundle.stop();
                bundle.start();
            }
            case 4 -> swaps.rollback(slot);
            default -> {
                MadeBundle bad = MadeBundle.of("guest.fs.vfs", "vkernel.guest.fs.vfs.DentryVfs")
                        .fails(random.nextBoolean() ? Way.THROWS_ON_CALLS : Way.REJECTS, "walk", "open", "close");
                assertThat(swaps.install("random", bad.jar())).hasSize(1);
            }
        }
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
