package vkernel.it.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vkernel.it.fixed.BrokenBundle.How;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.kern.Swaps;

/** A kernel, a host or an engine whose code does not end is taken back, also after a plain update. */
@Timeout(120)
class StalledFixedPointsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "host, host.sim, Spaces.run, LOOPS",
        "host, host.sim, Spaces.run, WAITS",
        "kern, guest.kern, HartLoop.runUntil, WAITS",
        "engine, host.riscv, jit.Translator.run, LOOPS"
    })
    void afterASwap(String subsystem, String bundle, String method, How how) throws Exception {
        try (Running running = new Running("translator")) {
            running.start();
            Path bad = BrokenBundle.of(bundle, method).that(how).write(folder, "");
            SwapReport report = running.kernel.service(Swaps.class).swap(subsystem, bad.toString(), false);
            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.DONE);
            isTakenBack(running, subsystem);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "host, host.sim, Spaces.run, LOOPS",
        "host, host.sim, SimulatedHost.adopt, THROWS",
        "kern, guest.kern, Traps.handle, LOOPS",
        "kern, guest.kern, EventKernel.<init>, THROWS"
    })
    void afterAPlainUpdate(String subsystem, String bundle, String method, How how) throws Exception {
        try (Running running = new Running("translator")) {
            running.start();
            running.update(bundle, BrokenBundle.of(bundle, method).that(how).write(folder, ""));
            isTakenBack(running, subsystem);
        }
    }

    private static void isTakenBack(Running running, String subsystem) throws Exception {
        try {
            running.finish();
        } catch (Exception | AssertionError e) {
            running.kernel
                    .kernel()
                    .dmesg()
                    .lines()
                    .forEach(line -> System.out.println(line.source() + ": " + line.text()));
            throw e;
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (last(running, subsystem).outcome() != Outcome.ROLLED_BACK && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(last(running, subsystem)).satisfies(back -> {
            assertThat(back.outcome()).as(back.toString()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(back.why()).isNotEmpty();
            assertThat(back.failed()).isZero();
        });
        assertThat(running.kernel.kernel().missing()).isEmpty();
        assertThat(running.kernel.run("/bin/echo", "on").out()).isEqualTo("on\n");
    }

    /** A rollback that is under way is waited for. */
    private static SwapReport last(Running running, String subsystem) {
        return running.reports(subsystem).getLast();
    }
}
