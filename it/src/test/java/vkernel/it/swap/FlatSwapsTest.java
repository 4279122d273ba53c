package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;

/** After many swaps memory is as it was after a few: no class, no thread, no object of a former provider is left. */
@Timeout(120)
class FlatSwapsTest {
    private static final List<String[]> SUBSYSTEMS = List.of(
            new String[] {"vm", "guest.vm"},
            new String[] {"vfs", "guest.fs.vfs"},
            new String[] {"fs.tmpfs", "guest.fs.tmpfs"},
            new String[] {"fs.proc", "guest.fs.procfs"},
            new String[] {"net", "guest.net"},
            new String[] {"dev.console+streams", "drivers.console"},
            new String[] {"sched", "guest.sched.fair"});
    private static final int ROUNDS = 3;
    /** Threads of a kernel and its machine. */
    private static final Pattern KERNEL = Pattern.compile("hart[0-9]+|watchdog|.*probation|translator|host.net");
    /** The JVM's own grow a little in a process so young; the classes of 21 providers are far more. */
    private static final long SLACK = 2 << 20;

    @Test
    void swapsLeaveNothing() throws Exception {
        Set<Thread> others = Thread.getAllStackTraces().keySet();
        try (VirtualKernel kernel =
                VirtualKernel.boot(BootConfig.standard().withHarts(2).withEngine("interpreter"))) {
            Swaps swaps = kernel.service(Swaps.class);
            SelfChecking guest = SelfChecking.on(kernel);
            for (int i = 0; i < ROUNDS; i++) {
                swapAll(swaps);
            }
            guest.finish();
            settle(swaps);
            long metaspace = metaspace();
            int threads = own(others).size();
            SelfChecking more = SelfChecking.on(kernel);
            for (int i = 0; i < ROUNDS; i++) {
                swapAll(swaps);
            }
            more.finish();
            settle(swaps);
            assertThat(metaspace()).as("metaspace").isLessThan(metaspace + SLACK);
            assertThat(own(others)).as("threads").hasSizeLessThanOrEqualTo(threads);
        }
    }

    private static void swapAll(Swaps swaps) {
        for (String[] subsystem : SUBSYSTEMS) {
            SwapReport report = swaps.swap(subsystem[0], subsystem[1], false);
            assertThat(report.ok()).as(report.toString()).isTrue();
        }
    }

    /** Every former provider's class loader is collected. */
    private static void settle(Swaps swaps) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (held(swaps) > 0 && System.nanoTime() < until) {
            System.gc();
        }
        assertThat(held(swaps)).as("class loaders of former providers").isZero();
    }

    private static int held(Swaps swaps) {
        return swaps.standings().stream().mapToInt(Swaps.Standing::held).sum();
    }

    private static long metaspace() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
    }

    private static Set<String> own(Set<Thread> others) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !others.contains(thread)
                        && KERNEL.matcher(thread.getName()).matches())
                .map(thread -> thread.threadId() + " " + thread.getName())
                .collect(Collectors.toSet());
    }
}
