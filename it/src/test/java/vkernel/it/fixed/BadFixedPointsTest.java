package vkernel.it.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.kern.Swaps;

/** A kernel, a host or an engine that is bad leaves that before at work, and the guest has not noticed. */
@Timeout(120)
class BadFixedPointsTest {
    private static Running running;

    @TempDir
    Path folder;

    @BeforeAll
    static void boot() {
        running = new Running("translator");
    }

    @AfterAll
    static void close() {
        running.close();
    }

    private static SwapReport swap(String subsystem, Path bundle, boolean dryRun) {
        return running.kernel.service(Swaps.class).swap(subsystem, bundle.toString(), dryRun);
    }

    private static void goesOn() throws Exception {
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
        assertThat(running.kernel.kernel().missing()).isEmpty();
        assertThat(running.kernel.run("/bin/echo", "on").out()).isEqualTo("on\n");
    }

    @ParameterizedTest
    @CsvSource({
        "kern, guest.kern, EventKernel.<init>",
        "kern, guest.kern, EventKernel.adopt",
        "host, host.sim, SimulatedHost.<init>",
        "host, host.sim, SimulatedHost.adopt",
        "engine, host.riscv, jit.Translator.<init>",
        "engine, host.riscv, jit.Translator.attach"
    })
    void oneThatThrowsWhenItIsMadeOrComesIsRefused(String subsystem, String bundle, String method) throws Exception {
        running.start();
        SwapReport report = swap(subsystem, BrokenBundle.of(bundle, method).write(folder, ""), false);
        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.REFUSED);
        assertThat(report.why()).contains(BrokenBundle.WHY);
        goesOn();
    }

    @ParameterizedTest
    @CsvSource({"kern, guest.kern", "host, host.sim", "engine, host.riscv"})
    void oneThatDoesNotResolveIsRefused(String subsystem, String bundle) throws Exception {
        running.start();
        SwapReport report = swap(subsystem, BrokenBundle.of(bundle, "No.method").write(folder, "no.such.thing"), false);
        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.REFUSED);
        assertThat(report.why()).contains("no.such.thing");
        goesOn();
    }

    @ParameterizedTest
    @CsvSource({
        "kern, guest.kern, Traps.handle",
        "kern, guest.kern, HartLoop.runUntil",
        "host, host.sim, Spaces.run",
        "engine, host.riscv, jit.Translator.run"
    })
    void oneThatThrowsOnItsFirstCallsIsRolledBack(String subsystem, String bundle, String method) throws Exception {
        running.start();
        SwapReport report = swap(subsystem, BrokenBundle.of(bundle, method).write(folder, ""), false);
        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.DONE);
        goesOn();
        assertThat(running.reports(subsystem).getLast()).satisfies(back -> {
            assertThat(back.outcome()).as(back.toString()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(back.why()).contains(BrokenBundle.WHY);
            assertThat(back.failed()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({"kern, guest.kern", "host, host.sim", "engine, host.riscv"})
    void aRehearsalChangesNothing(String subsystem, String bundle) throws Exception {
        running.start();
        List<Swaps.Standing> before = running.kernel.service(Swaps.class).standings();
        SwapReport report = swap(subsystem, BrokenBundle.of(bundle, "No.method").write(folder, ""), true);
        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.REHEARSED);
        assertThat(running.kernel.service(Swaps.class).standings()).isEqualTo(before);
        SwapReport good = swap(subsystem, BrokenBundle.of(bundle, "No.method").write(folder, ""), false);
        assertThat(good.outcome()).as(good.toString()).isEqualTo(Outcome.DONE);
        SwapReport back = running.kernel.service(Swaps.class).rollback(subsystem);
        assertThat(back.outcome()).as(back.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(back.pause()).isLessThan(TimeUnit.SECONDS.toNanos(5));
        goesOn();
    }
}
