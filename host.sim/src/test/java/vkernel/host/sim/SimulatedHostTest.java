package vkernel.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static vkernel.host.contract.ScriptedEngine.call;
import static vkernel.host.contract.ScriptedEngine.load;
import static vkernel.host.contract.ScriptedEngine.nops;
import static vkernel.host.contract.ScriptedEngine.spinUntil;
import static vkernel.host.contract.ScriptedEngine.store;

import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.MachineConfig;
import vkernel.host.Vmspaces;
import vkernel.host.contract.MachineContract;
import vkernel.host.contract.ScriptedEngine;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;

/** What is this host's own: its end, the exchange of its engine, and what it costs. */
class SimulatedHostTest extends MachineContract {
    private final ScriptedEngine engine = new ScriptedEngine();

    @Override
    protected Host start(MachineConfig config, Engine first) {
        return new SimulatedHost(config, first);
    }

    @Override
    protected void stop(Host machine) {
        ((SimulatedHost) machine).close();
    }

    private SimulatedHost machine() {
        SimulatedHost host = (SimulatedHost) machine(2, false, engine);
        host.vmspaces().create(1);
        host.vmspaces().mmap(1, 0, RAM, Vmspaces.READ | Vmspaces.WRITE, 0);
        return host;
    }

    @Test
    void muchRamCostsNothingUntilItIsUsed() {
        try (SimulatedHost host = new SimulatedHost(MachineConfig.of(256L << 30, 1), engine)) {
            host.ram().putLong((256L << 30) - 8, 1);
            host.ram().markCode(host.ram().frames() - 1);
            assertThat(host.ram().getLong(128L << 30)).isZero();
        }
    }

    @Test
    void closeEndsRunsAndIdlingAndTheRam() {
        SimulatedHost host = machine();
        AtomicBoolean inside = new AtomicBoolean();
        CompletableFuture<Void> running =
                async(() -> assertThat(run(host, engine, 1, 0, call(() -> inside.set(true)), spinUntil(() -> false)))
                        .isEqualTo(Trap.INTERRUPT));
        CompletableFuture<Void> idling = async(() -> host.clock().idle(1, Long.MAX_VALUE));
        await(inside::get);
        host.close();
        finish(running);
        finish(idling);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> host.ram().getLong(0));
        assertReason(HostException.Reason.ABSENT, () -> host.vmspaces().run(1, host.hart(0), 1));
        host.close();
    }

    @Test
    void exchangesItsEngineUnderARunningHart() {
        SimulatedHost host = machine();
        Hart hart = host.hart(0);
        AtomicBoolean inside = new AtomicBoolean();
        CompletableFuture<Void> running = async(() -> {
            int trap = run(host, engine, 1, 0, call(() -> inside.set(true)), spinUntil(() -> false));
            assertThat(trap).isEqualTo(Trap.INTERRUPT);
        });
        await(inside::get);
        Object former = hart.engineState;
        ScriptedEngine next = new ScriptedEngine();
        host.add(next);
        host.ram().markCode(5);
        host.ram().putByte(5 * PAGE, (byte) 1);
        assertThat(engine.changes(5)).isEqualTo(1); // a hart is still in it
        assertThat(next.changes(5)).isEqualTo(1);
        host.unbindEngine(engine);
        finish(running);
        assertThat(run(host, next, 1, 0, nops(3))).isEqualTo(Trap.SYSCALL);
        assertThat(hart.engineState).isNotSameAs(former);
        host.ram().markCode(5);
        host.ram().putByte(5 * PAGE, (byte) 1);
        assertThat(engine.changes(5)).isEqualTo(1);
        assertThat(next.changes(5)).isEqualTo(2);
    }

    @Test
    void withoutAnEngineNothingRuns() {
        SimulatedHost host = machine();
        host.unbindEngine(engine);
        assertReason(HostException.Reason.ABSENT, () -> host.vmspaces().run(1, host.hart(0), 1));
        host.add(engine);
        assertThat(run(host, engine, 1, 0, nops(1))).isEqualTo(Trap.SYSCALL);
    }

    @Test
    void runsMissesAndShootdownsAllocateNothing() {
        SimulatedHost host = machine();
        Vmspaces spaces = host.vmspaces();
        spaces.create(2);
        spaces.mmap(2, 0, PAGE, Vmspaces.READ, 0);
        Hart hart = host.hart(0);
        engine.script(0, load(8), store(5 * PAGE, 1));
        runs(spaces, hart);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        runs(spaces, hart);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2_000);
    }

    private static void runs(Vmspaces spaces, Hart hart) {
        for (int i = 0; i < 2000; i++) {
            hart.regs[Registers.PC] = 0;
            spaces.run(1 + (i & 1), hart, 1000);
            spaces.inval(1, 5 * PAGE, PAGE);
        }
    }
}
