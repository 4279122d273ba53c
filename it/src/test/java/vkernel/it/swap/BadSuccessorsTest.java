package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.it.swap.Wrapped.Way.*;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.kern.Swaps;
import vkernel.sched.SchedPolicy;

/** Every way in which a successor can be bad ends with the old provider at work, and the guest has not noticed. */
@Timeout(120)
class BadSuccessorsTest {
    private static VirtualKernel kernel;
    private static Swaps swaps;

    @BeforeAll
    static void boot() {
        kernel = VirtualKernel.boot(BootConfig.standard().withHarts(2));
        swaps = kernel.service(Swaps.class);
    }

    @AfterAll
    static void close() {
        kernel.close();
    }

    @AfterEach
    void nothingWentWrong() {
        assertThat(kernel.kernel().call(kernel.kernel()::missing)).isEmpty();
        assertThat(kernel.kernel().stats().oopses).as("oopses").isZero();
        assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
    }

    private static MadeBundle vfs() {
        return MadeBundle.of("guest.fs.vfs", "vkernel.guest.fs.vfs.DentryVfs");
    }

    private static MadeBundle vm() {
        return MadeBundle.of("guest.vm", "vkernel.guest.vm.DemandPaging");
    }

    private static MadeBundle fair() {
        return MadeBundle.of("guest.sched.fair", "vkernel.guest.sched.fair.Fair");
    }

    private static String provider(String slot) {
        return swaps.standings().stream()
                .filter(standing -> standing.subsystem().equals(slot))
                .findFirst()
                .orElseThrow()
                .provider();
    }

    private static SwapReport last() {
        return swaps.history().getLast();
    }

    private static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= until) {
                kernel.kernel().dmesg().lines().forEach(line -> System.out.println(line.source() + ": " + line.text()));
                throw new AssertionError("waited for " + what);
            }
            Thread.onSpinWait();
        }
    }

    /** Installs one that must be refused, under programs that check themselves. */
    private static void refused(String slot, MadeBundle bad, String why) throws Exception {
        String before = provider(slot);
        SelfChecking guest = SelfChecking.on(kernel);
        List<SwapReport> reports = swaps.install("bad", bad.jar());
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.REFUSED);
            assertThat(report.why()).contains(why);
            assertThat(report.failed()).isZero();
        });
        assertThat(provider(slot)).isEqualTo(before);
        guest.finish();
    }

    /** Installs one that comes into service and must be out of it soon. */
    private static void rolledBack(String slot, MadeBundle bad, String why) throws Exception {
        String before = provider(slot);
        SelfChecking guest = SelfChecking.on(kernel);
        List<SwapReport> reports = swaps.install("bad", bad.jar());
        assertThat(reports)
                .singleElement()
                .satisfies(report ->
                        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.DONE));
        int number = reports.getFirst().number();
        SelfChecking more = SelfChecking.on(kernel);
        await("a rollback", () -> last().number() > number);
        guest.finish();
        more.finish();
        assertThat(swaps.history().get(indexAfter(number))).satisfies(report -> {
            assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(report.why()).contains(why);
            assertThat(report.failed()).isZero();
        });
        assertThat(provider(slot)).isEqualTo(before);
    }

    private static int indexAfter(int number) {
        List<SwapReport> history = swaps.history();
        int at = 0;
        while (history.get(at).number() <= number) {
            at++;
        }
        return at;
    }

    @Test
    void oneThatDoesNotResolve() throws Exception {
        refused("vfs", vfs().header("Import-Package", "org.osgi.framework,no.such.thing"), "no.such.thing");
    }

    @Test
    void oneThatIsNoBundle() {
        List<SwapReport> reports = swaps.install("bad", "no jar".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report.outcome()).isEqualTo(Outcome.REFUSED));
    }

    @Test
    void oneThatThrowsInItsConstructor() throws Exception {
        refused("sched", MadeBundle.component(Unmakeable.class, SchedPolicy.class), "never made");
    }

    @Test
    void oneThatThrowsInItsActivator() throws Exception {
        refused("vfs", vfs().fails(THROWS_IN_ACTIVATOR), "not today");
    }

    @Test
    void oneThatRejectsTheState() throws Exception {
        refused("vfs", vfs().fails(REJECTS), "not to my taste");
    }

    @Test
    void oneThatThrowsWhileItAdopts() throws Exception {
        refused("vm", vm().fails(THROWS_IN_ADOPT), "cannot");
    }

    @Test
    void oneThatDamagesTheStateWhileItAdopts() throws Exception {
        refused("vfs", vfs().fails(DAMAGES_IN_ADOPT), "null among mounts");
        refused("vm", vm().fails(DAMAGES_IN_ADOPT), "null among");
    }

    @Test
    void oneThatPutsAnObjectOfItsOwnIntoTheState() throws Exception {
        refused("vfs", vfs().fails(SMUGGLES), "a class of a provider, is in it");
    }

    @Test
    void oneThatDoesNotEndPreparingItselfServesAllTheSame() throws Exception {
        SelfChecking guest = SelfChecking.on(kernel);
        List<SwapReport> reports =
                swaps.install("slow", vfs().fails(LOOPS, "prepare").jar());
        assertThat(reports)
                .singleElement()
                .satisfies(
                        report -> assertThat(report.ok()).as(report.toString()).isTrue());
        assertThat(swaps.rollback("vfs").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        uninstallMade();
        guest.finish();
    }

    @Test
    void oneThatDoesNotEndAdopting() throws Exception {
        refused("vfs", vfs().fails(STALLS_IN_ADOPT), "Stalled");
    }

    @Test
    void oneThatThrowsOnItsFirstCalls() throws Exception {
        rolledBack("vfs", vfs().fails(THROWS_ON_CALLS, "walk", "open", "read"), "broken");
        rolledBack("vm", vm().fails(THROWS_ON_CALLS, "fault", "map"), "broken");
    }

    @Test
    void oneThatDamagesTheStateInService() throws Exception {
        rolledBack("vfs", vfs().fails(DAMAGES_AND_THROWS, "walk", "open"), "so is the state");
    }

    @Test
    void oneThatLoops() throws Exception {
        rolledBack("vfs", vfs().fails(LOOPS, "walk", "open"), "Stalled");
    }

    @Test
    void oneThatLoopsAndCatchesEverything() throws Exception {
        rolledBack("vfs", vfs().fails(LOOPS_AND_CATCHES, "walk", "open"), "Stalled");
    }

    @Test
    void oneThatBlocks() throws Exception {
        rolledBack("vfs", vfs().fails(SLEEPS, "walk", "open"), "InterruptedException");
    }

    @Test
    void aSchedulerThatThrows() throws Exception {
        rolledBack("sched", fair().fails(THROWS_ON_CALLS, "next"), "broken");
        rolledBack("sched", fair().fails(THROWS_ON_CALLS, "quantum", "preempts", "ran"), "broken");
    }

    @Test
    void aSchedulerThatLosesTasks() throws Exception {
        rolledBack("sched", fair().fails(LOSES_TASKS, "next"), "lost");
    }

    @Test
    void aSchedulerThatTakesNoTasks() throws Exception {
        SelfChecking guest = SelfChecking.on(kernel);
        SwapReport report = swaps.install(
                        "bad",
                        fair().fails(THROWS_ON_CALLS, "enqueue", "runnable").jar())
                .getFirst();
        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.REFUSED);
        guest.finish();
    }

    @Test
    void oneThatLeaksIsSeen() throws Exception {
        SelfChecking guest = SelfChecking.on(kernel);
        assertThat(swaps.install("leak", fair().fails(LEAKS).jar()).getFirst().ok())
                .isTrue();
        assertThat(swaps.rollback("sched").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        uninstallMade();
        System.gc();
        assertThat(held("sched")).isPositive();
        guest.finish();
    }

    @Test
    void aThreadLeftBehindIsToldByName() throws Exception {
        SwapReport leaves = swaps.install("leaves", fair().fails(LEAKS).jar()).getFirst();
        assertThat(leaves.ok()).isTrue();
        assertThat(swaps.rollback("sched").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        uninstallMade();
        await("a word of it", () -> last(leaves.to()).why().contains("left a thread behind"));
        assertThat(last(leaves.to()).why())
                .startsWith("asked for; " + leaves.to() + " left a thread behind: leak in " + Wrapped.class.getName());
    }

    @Test
    void aThreadLeftBehindIsToldThoughASuccessorHasTheSameClasses() throws Exception {
        SwapReport leaves = swaps.install("leaves", fair().fails(LEAKS).jar()).getFirst();
        SwapReport own = swaps.install("own", fair().fails(LEAKS).jar()).getFirst(); // its thread is not left behind
        SwapReport next = swaps.install("next", fair().jar()).getFirst();
        assertThat(List.of(leaves, own, next)).allMatch(SwapReport::ok);
        await("a word of it", () -> last(leaves.to()).why().contains("behind"));
        assertThat(last(leaves.to())).satisfies(report -> {
            assertThat(report.number()).isEqualTo(own.number());
            assertThat(report.why()).startsWith(leaves.to() + " left a thread behind: leak in ");
        });
        assertThat(last(own.to()).why()).isEmpty();
        assertThat(swaps.rollback("sched").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        uninstallMade();
    }

    /** Of the end of a provider. */
    private static SwapReport last(String provider) {
        return swaps.history().stream()
                .filter(report -> report.from().equals(provider))
                .reduce((one, later) -> later)
                .orElseThrow();
    }

    @Test
    void aGoodOneLeavesNothing() throws Exception {
        SelfChecking guest = SelfChecking.on(kernel);
        assertThat(swaps.install("good", vm().jar()).getFirst().ok()).isTrue();
        assertThat(swaps.rollback("vm").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        uninstallMade();
        guest.finish();
        await("its classes to go", () -> {
            System.gc();
            return held("vm") == 0;
        });
    }

    @Test
    void aRehearsalChangesNothing() throws Exception {
        String before = provider("vm");
        SelfChecking guest = SelfChecking.on(kernel);
        java.nio.file.Path file = vm().file(java.nio.file.Files.createTempDirectory("swap"));
        assertThat(swaps.swap("vm", file.toString(), true).outcome()).isEqualTo(Outcome.REHEARSED);
        assertThat(provider("vm")).isEqualTo(before);
        guest.finish();
    }

    @Test
    void aRehearsalShowsThatOneHandsOnLessThanItWasGiven() throws Exception {
        String before = provider("vfs");
        SelfChecking guest = SelfChecking.on(kernel);
        java.nio.file.Path file = vfs().fails(LOSES_STATE).file(java.nio.file.Files.createTempDirectory("swap"));
        SwapReport report = swaps.swap("vfs", file.toString(), true);
        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.REFUSED);
        assertThat(report.why()).contains("it hands on another state than it was given: [mounts]");
        assertThat(provider("vfs")).isEqualTo(before);
        guest.finish();
    }

    @Test
    void withoutAnOldProviderTheGuestStandsStillAndNothingFails() throws Exception {
        SelfChecking guest = SelfChecking.on(kernel);
        Bundle vfs = bundle("guest.fs.vfs");
        vfs.stop();
        assertThat(kernel.kernel().call(kernel.kernel()::missing)).containsExactly("vfs");
        Bundle bad = kernel.context()
                .installBundle(
                        "made",
                        new ByteArrayInputStream(
                                vfs().fails(THROWS_ON_CALLS, "walk").jar()));
        bad.start();
        await(
                "it to fail",
                () -> last().outcome() == Outcome.MISSING && last().from().startsWith("made."));
        assertThat(last().why()).contains("broken");
        bad.uninstall();
        vfs.start();
        guest.finish();
    }

    @Test
    void whoHasFailedIsLeftAloneForAWhile() throws Exception {
        Bundle bad = kernel.context()
                .installBundle(
                        "again", new ByteArrayInputStream(vfs().fails(REJECTS).jar()));
        bad.start();
        assertThat(last().why()).contains("not to my taste");
        bad.stop();
        bad.start();
        assertThat(last().why()).contains("is tried again in");
        bad.uninstall();
    }

    private static void uninstallMade() throws BundleException {
        for (Bundle bundle : kernel.context().getBundles()) {
            if (String.valueOf(bundle.getSymbolicName()).startsWith("made.")) {
                bundle.uninstall();
            }
        }
    }

    private static int held(String slot) {
        return swaps.standings().stream()
                .filter(standing -> standing.subsystem().equals(slot))
                .findFirst()
                .orElseThrow()
                .held();
    }

    private static Bundle bundle(String name) {
        for (Bundle bundle : kernel.context().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }
}
