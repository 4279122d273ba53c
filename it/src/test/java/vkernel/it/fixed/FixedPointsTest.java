package vkernel.it.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import vkernel.boot.BootConfig;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.host.MachineConfig.Time;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;
import vkernel.task.Task;

/** The engine, the host and the kernel are replaced, and programs do not notice. */
@Timeout(120)
class FixedPointsTest {
    private static final String VIRTUAL = """
            (sleep 0.04; echo second) & (sleep 0.02; echo first) & (while :; do :; done) &
            busy=$!
            sleep 0.06
            kill $busy
            i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo $i > /tmp/$i; done
            head -c 8 /dev/urandom | xxd
            cat /proc/uptime; date
            """;

    @ParameterizedTest
    @ValueSource(strings = {"host.sim", "guest.kern", "host.riscv"})
    void aPlainUpdateIsNotNoticedAndLeavesNothing(String bundle) throws Exception {
        try (Running running = new Running()) {
            running.start();
            for (int i = 0; i < 4; i++) {
                running.update(bundle);
            }
            running.finish();
            assertThat(running.kernel.run("/bin/echo", "on").out()).isEqualTo("on\n");
            running.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"host.sim", "guest.kern", "host.riscv"})
    void aSuccessorBesideTakesOver(String bundle) throws Exception {
        String subsystem = bundle.equals("host.sim") ? "host" : bundle.equals("guest.kern") ? "kern" : "engine";
        try (Running running = new Running()) {
            running.start();
            Bundle first = running.beside(bundle);
            Bundle second = running.beside(bundle);
            running.remove(first);
            assertThat(running.reports(subsystem)).isNotEmpty().allMatch(report -> report.ok() && report.failed() == 0);
            running.finish();
            assertThat(second.getState()).isEqualTo(Bundle.ACTIVE);
            running.assertNothingLeft();
        }
    }

    @Test
    void everyCallThatWaitsGoesOnUnderAnotherKernel() throws Exception {
        try (Running running = new Running()) {
            Keyboard keys = new Keyboard();
            CompletableFuture<String> reader = running.run(keys, "read a b; echo \"$b $a\"");
            CompletableFuture<String> sleeper = running.run(new MemoryChannel(new byte[0]), "sleep 0.5; echo awake");
            CompletableFuture<String> waiter =
                    running.run(new MemoryChannel(new byte[0]), "(sleep 0.4; exit 3) & wait $!; echo $?");
            CompletableFuture<String> piped = running.run(new MemoryChannel(new byte[0]), "(sleep 0.3; echo x) | cat");
            CompletableFuture<String> timed =
                    running.run(new MemoryChannel(new byte[0]), "timeout 0.4 sleep 9; echo $?");
            keys.type("half ");
            await(() -> running.kernel
                    .kernel()
                    .call(() -> running.kernel.kernel().processes().tasks().stream()
                                    .filter(task -> task.state == Task.State.BLOCKED)
                                    .count()
                            >= 5));
            running.update("guest.kern");
            running.update("host.sim");
            keys.type("line\n");
            assertThat(reader.get(30, TimeUnit.SECONDS)).endsWith("line half\n");
            assertThat(sleeper.get(30, TimeUnit.SECONDS)).isEqualTo("awake\n");
            assertThat(waiter.get(30, TimeUnit.SECONDS)).isEqualTo("3\n");
            assertThat(piped.get(30, TimeUnit.SECONDS)).isEqualTo("x\n");
            assertThat(timed.get(30, TimeUnit.SECONDS)).isEqualTo("124\n");
            running.finish();
        }
    }

    @Test
    void anotherKernelKnowsWhatWasSwappedAndTheWayBack() throws Exception {
        try (Running running = new Running()) {
            Swaps before = running.kernel.service(Swaps.class);
            assertThat(before.swap("dev.console+streams", "drivers.console", false)
                            .ok())
                    .isTrue();
            assertThat(before.swap("vm", "guest.vm", false).ok()).isTrue();
            List<Swaps.Standing> standings = before.standings();
            int reports = before.history().size();
            running.start();
            running.update("guest.kern");
            Swaps after = running.kernel.service(Swaps.class);
            List<Swaps.Standing> changed = new ArrayList<>(after.standings());
            changed.removeAll(standings);
            assertThat(changed).isEmpty();
            assertThat(after.history()).hasSizeGreaterThan(reports);
            SwapReport back = after.rollback("vm");
            assertThat(back.outcome()).as(back.toString()).isEqualTo(SwapReport.Outcome.ROLLED_BACK);
            running.finish();
        }
    }

    @Test
    void programsDoNotNoticeThatTheEngineChanges() throws Exception {
        try (Running running = new Running()) {
            running.start();
            List<String> engines = running.kernel.host().engines();
            int changes = 0;
            while (running.busy()) {
                running.kernel.host().useEngine(engines.get(changes++ % engines.size()));
                LockSupport.parkNanos(2_000_000);
            }
            running.finish();
            assertThat(changes).isGreaterThan(4);
            assertThat(running.reports("engine")).allMatch(report -> report.ok());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"host.sim", "guest.kern", "host.riscv"})
    void guestTimeStandsStillWithoutOne(String name) throws Exception {
        Set<Thread> others = Thread.getAllStackTraces().keySet();
        try (Running running = new Running()) {
            running.start();
            Bundle bundle = running.bundle(name);
            bundle.stop();
            assertThat(running.kernel.kernel().missing()).isNotEmpty();
            long traps = running.kernel.kernel().stats().traps;
            long now = running.kernel.kernel().now();
            for (int i = 0; i < 50; i++) {
                Thread.onSpinWait();
                assertThat(running.kernel.kernel().stats().traps).isEqualTo(traps);
                assertThat(running.kernel.kernel().now()).isEqualTo(now);
            }
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> name.equals("guest.kern")
                            && thread.getName().startsWith("hart")
                            && !others.contains(thread))
                    .isEmpty();
            bundle.start();
            running.finish();
        }
    }

    @Test
    void virtualTimeIsTheSameWhereverTheHostIsReplaced() throws Exception {
        String undisturbed = virtual(0);
        assertThat(undisturbed).contains("first\nsecond\n");
        assertThat(virtual(6)).isEqualTo(undisturbed);
    }

    private static String virtual(int updates) throws Exception {
        MemoryChannel console = new MemoryChannel(new byte[0]);
        BootConfig config = BootConfig.standard()
                .withTime(Time.VIRTUAL, 7)
                .withInit("/bin/sh", "-c", VIRTUAL)
                .withChannel("console", console);
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            int done = 0;
            for (Bundle bundle : kernel.context().getBundles()) {
                while ("host.sim".equals(bundle.getSymbolicName()) && done < updates) {
                    bundle.update();
                    done++;
                }
            }
            kernel.await(60);
            return new String(console.written(), StandardCharsets.UTF_8)
                    + kernel.kernel().now()
                    + " "
                    + kernel.kernel().stats().contextSwitches;
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait(); // the class's time limit ends it
        }
    }
}
