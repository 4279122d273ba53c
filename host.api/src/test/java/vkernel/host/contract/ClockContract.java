package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.host.contract.ScriptedEngine.call;
import static vkernel.host.contract.ScriptedEngine.nops;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import vkernel.host.Clock;
import vkernel.host.Host;
import vkernel.host.engine.Trap;

/** {@link Clock}, real and virtual. */
public abstract class ClockContract extends MachineContract {
    private static final long YEAR_2026 = TimeUnit.SECONDS.toNanos(1_767_225_600L);
    private static final long DAY = TimeUnit.DAYS.toNanos(1);

    private final ScriptedEngine engine = new ScriptedEngine();

    private Clock real() {
        return machine(2, false, engine).clock();
    }

    private Host virtual(int harts) {
        Host host = virtual(harts, 0, Map.of(), engine);
        host.vmspaces().create(1);
        return host;
    }

    private void retire(Host host, int hart, int instructions) {
        assertThat(run(host, engine, 1, hart, nops(instructions))).isEqualTo(Trap.SYSCALL);
    }

    @Test
    void realTimeStartsAtZeroAndGoesOn() {
        long before = System.nanoTime();
        Clock clock = real();
        long first = clock.monotonic();
        assertThat(first).isBetween(0L, System.nanoTime() - before);
        await(() -> clock.monotonic() > first);
        assertThat(Math.abs(clock.realtime() - TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis())))
                .isLessThan(TimeUnit.SECONDS.toNanos(2));
    }

    private static void setRealtimeLeavesMonotonic(Clock clock) {
        long monotonic = clock.monotonic();
        clock.setRealtime(YEAR_2026 * 2);
        assertThat(clock.realtime()).isBetween(YEAR_2026 * 2, YEAR_2026 * 2 + TimeUnit.SECONDS.toNanos(20));
        assertThat(clock.monotonic()).isBetween(monotonic, monotonic + TimeUnit.SECONDS.toNanos(20));
        clock.setRealtime(0);
        assertThat(clock.realtime()).isBetween(0L, TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void settingRealtimeLeavesMonotonicInRealTime() {
        setRealtimeLeavesMonotonic(real());
    }

    @Test
    void settingRealtimeLeavesMonotonicInVirtualTime() {
        setRealtimeLeavesMonotonic(virtual(1).clock());
    }

    @Test
    void realIdleEndsAtTheDeadline() {
        Clock clock = real();
        long deadline = clock.monotonic() + TimeUnit.MILLISECONDS.toNanos(3);
        while (clock.monotonic() < deadline) clock.idle(0, deadline);
        clock.idle(1, deadline - 1); // long past
        clock.idle(1, Long.MIN_VALUE);
    }

    private static void wakeEndsIdling(Clock clock) {
        AtomicBoolean back = new AtomicBoolean();
        CompletableFuture<Void> other = async(() -> {
            clock.idle(1, Long.MAX_VALUE);
            back.set(true);
        });
        clock.wake(0); // somebody else
        clock.wake(1);
        await(back::get);
        finish(other);
    }

    @Test
    void wakeEndsRealIdling() {
        for (int i = 0; i < 200; i++) wakeEndsIdling(real());
    }

    @Test
    void wakeEndsVirtualIdling() {
        for (int i = 0; i < 200; i++) wakeEndsIdling(virtual(2).clock());
    }

    @Test
    void wakeIsKeptForTheNextIdleAndOnlyForThat() {
        Clock clock = virtual(1).clock();
        clock.wake(0);
        clock.wake(0);
        clock.idle(0, 1000);
        assertThat(clock.monotonic()).isZero();
        clock.idle(0, 1000);
        assertThat(clock.monotonic()).isEqualTo(1000);
        Clock real = real();
        real.wake(0);
        real.idle(0, Long.MAX_VALUE);
    }

    @Test
    void virtualTimeIsInstructionsRetired() {
        Host host = virtual(2);
        Clock clock = host.clock();
        assertThat(clock.monotonic()).isZero();
        retire(host, 0, 40);
        assertThat(clock.monotonic()).isEqualTo(40);
        retire(host, 1, 2);
        assertThat(clock.monotonic()).isEqualTo(42);
        assertThat(clock.realtime()).isEqualTo(YEAR_2026 + 42);
    }

    @Test
    void virtualTimeIsRightInTheMiddleOfARun() {
        Host host = virtual(1);
        AtomicLong time = new AtomicLong();
        ScriptedEngine.Step[] steps = nops(10);
        steps[7] = user -> {
            user.hart().reportRetired();
            time.set(host.clock().monotonic());
            return ScriptedEngine.Step.NEXT;
        };
        run(host, engine, 1, 0, steps);
        assertThat(time).hasValue(7);
        assertThat(host.clock().monotonic()).isEqualTo(10);
    }

    @Test
    void virtualEpochComesFromTheSeed() {
        Host one = virtual(1, 7, Map.of(), new ScriptedEngine());
        Host same = virtual(1, 7, Map.of(), new ScriptedEngine());
        Host other = virtual(1, -8, Map.of(), new ScriptedEngine());
        assertThat(one.clock().realtime()).isBetween(YEAR_2026, YEAR_2026 + DAY);
        assertThat(same.clock().realtime()).isEqualTo(one.clock().realtime());
        assertThat(other.clock().realtime())
                .isBetween(YEAR_2026, YEAR_2026 + DAY)
                .isNotEqualTo(one.clock().realtime());
    }

    @Test
    void idleTimeOfAllHartsIsSkipped() {
        Host host = virtual(1);
        retire(host, 0, 5);
        host.clock().idle(0, TimeUnit.DAYS.toNanos(365));
        assertThat(host.clock().monotonic()).isEqualTo(TimeUnit.DAYS.toNanos(365));
        host.clock().idle(0, 17); // long past
        assertThat(host.clock().monotonic()).isEqualTo(TimeUnit.DAYS.toNanos(365));
    }

    @Test
    void idleHartWaitsForTheInstructionsOfAnother() {
        Host host = virtual(2);
        Clock clock = host.clock();
        retire(host, 0, 1);
        AtomicLong woke = new AtomicLong(-1);
        CompletableFuture<Void> idle = async(() -> {
            clock.idle(1, 1000);
            woke.set(clock.monotonic());
        });
        retire(host, 0, 900);
        assertThat(clock.monotonic()).isEqualTo(901);
        assertThat(woke).hasValue(-1);
        retire(host, 0, 200);
        finish(idle);
        assertThat(woke).hasValue(1101);
    }

    @Test
    void theEarliestDeadlineComesFirstWhenAllAreIdle() {
        Host host = virtual(2);
        Clock clock = host.clock();
        retire(host, 0, 1);
        retire(host, 1, 1);
        AtomicLong woke = new AtomicLong(-1);
        CompletableFuture<Void> early = async(() -> {
            clock.idle(1, 500);
            woke.set(clock.monotonic());
            run(host, engine, 1, 1, call(() -> assertThat(clock.monotonic()).isEqualTo(500)));
            clock.idle(1, Long.MAX_VALUE);
        });
        clock.idle(0, 2000);
        assertThat(woke).hasValue(500);
        assertThat(clock.monotonic()).isEqualTo(2000);
        clock.wake(1);
        finish(early);
    }
}
