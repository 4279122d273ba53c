package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import vkernel.host.BlockSource;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.MachineConfig;
import vkernel.host.Vpte;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Registers;

/** What the contracts of a machine's parts share: machines that end with the test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class MachineContract {
    /** RAM of a test's machine, bytes: large pages fit; nothing is used that is not touched. */
    protected static final long RAM = 2L << 30;

    protected static final long PAGE = Vpte.PAGE_SIZE;

    private final List<Host> machines = new ArrayList<>();

    /** Starts a machine with an engine. */
    protected abstract Host start(MachineConfig config, Engine engine);

    /** Ends a machine that was started. */
    protected abstract void stop(Host machine);

    protected Host machine(MachineConfig config, Engine engine) {
        Host machine = start(config, engine);
        machines.add(machine);
        return machine;
    }

    /** A machine in real time that checks translations or does not. */
    protected Host machine(int harts, boolean check, Engine engine) {
        return machine(
                new MachineConfig(RAM, harts, MachineConfig.Time.REAL, 0, check, Map.of(), Map.of(), Map.of()), engine);
    }

    /** A machine in virtual time. */
    protected Host virtual(int harts, long seed, Map<String, BlockSource> files, Engine engine) {
        return machine(
                new MachineConfig(RAM, harts, MachineConfig.Time.VIRTUAL, seed, false, Map.of(), Map.of(), files),
                engine);
    }

    @AfterEach
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void stopMachines() {
        machines.forEach(this::stop);
    }

    /** Runs steps from the first on a hart until a trap. */
    protected static int run(Host host, ScriptedEngine engine, int space, int hart, ScriptedEngine.Step... steps) {
        engine.script(hart, steps);
        host.hart(hart).regs[Registers.PC] = 0;
        return host.vmspaces().run(space, host.hart(hart), Long.MAX_VALUE);
    }

    protected static void assertReason(HostException.Reason reason, ThrowingCallable call) {
        HostException thrown = Assertions.catchThrowableOfType(HostException.class, call);
        assertThat(thrown).as("expected " + reason).isNotNull();
        assertThat(thrown.reason()).isEqualTo(reason);
    }

    /** Does something on a thread of its own. */
    protected static CompletableFuture<Void> async(Runnable body) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                body.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    protected static void finish(CompletableFuture<?> done) {
        assertThat(done).succeedsWithin(30, TimeUnit.SECONDS);
    }

    /** Waits for another thread; the class's time limit ends it. */
    protected static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) Thread.onSpinWait();
    }
}
