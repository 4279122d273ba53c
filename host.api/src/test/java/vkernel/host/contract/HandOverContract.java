package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vkernel.host.HostException.Reason.ABSENT;
import static vkernel.host.HostException.Reason.BUSY;
import static vkernel.host.HostException.Reason.INVALID;
import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;
import static vkernel.host.contract.ScriptedEngine.call;
import static vkernel.host.contract.ScriptedEngine.load;
import static vkernel.host.contract.ScriptedEngine.nops;
import static vkernel.host.contract.ScriptedEngine.spinUntil;
import static vkernel.host.contract.ScriptedEngine.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.host.BlockFile;
import vkernel.host.BlockSource;
import vkernel.host.Channel;
import vkernel.host.Exchange;
import vkernel.host.HostException;
import vkernel.host.HostSlot;
import vkernel.host.Machine;
import vkernel.host.MachineConfig;
import vkernel.host.MachineState;
import vkernel.host.Ram;
import vkernel.host.StreamChannel;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;

/** {@link Machine}: one host hands a machine to the next, and whoever uses the machine does not notice. */
public abstract class HandOverContract {
    private static final long PAGE = Vpte.PAGE_SIZE;

    @TempDir
    Path folder;

    private final ScriptedEngine engine = new ScriptedEngine();
    private HostSlot slot = new HostSlot(config(MachineConfig.Time.REAL));

    /** A host without a machine. */
    protected abstract Machine host(Engine engine);

    private MachineConfig config(MachineConfig.Time time) {
        return new MachineConfig(
                1 << 20,
                2,
                time,
                7,
                false,
                Map.of(),
                Map.of(),
                Map.of("disk", BlockSource.of(Path.of("/nowhere/a disk"))));
    }

    private void virtual() {
        slot.close();
        slot = new HostSlot(config(MachineConfig.Time.VIRTUAL));
    }

    @AfterEach
    void end() {
        slot.close();
    }

    private int run(ScriptedEngine.Step... steps) {
        engine.script(0, steps);
        slot.hart(0).regs[Registers.PC] = 0;
        return slot.vmspaces().run(1, slot.hart(0), Long.MAX_VALUE);
    }

    @Test
    void memoryMappingsAndHartsStayWhatTheyAre() {
        slot.fill(host(engine));
        Vmspaces spaces = slot.vmspaces();
        Hart hart = slot.hart(0);
        spaces.create(1);
        spaces.mmap(1, 0x10000, 2 * PAGE, READ | WRITE, PAGE);
        spaces.mmapVirtual(1, 0x40000000, PAGE, READ);
        spaces.create(9);
        PageTable table = new PageTable(slot.ram(), 32);
        table.set(0x40000000, Vpte.of(5, Vpte.V | Vpte.R | Vpte.U));
        spaces.setMap(1, 0x40000000, table.root());
        slot.ram().putLong(5 * PAGE, 42);
        assertThat(run(store(0x10008, 11))).isEqualTo(Trap.SYSCALL);
        long retired = hart.retired;
        Object tlb = hart.tlb;

        slot.fill(host(engine));

        assertThat(slot.hart(0)).isSameAs(hart);
        assertThat(hart.retired).isEqualTo(retired);
        assertThat(hart.tlb).isNotSameAs(tlb);
        assertThat(hart.engineState).isNull();
        assertThat(spaces.ids()).containsExactly(1, 9);
        AtomicLong linear = new AtomicLong();
        AtomicLong walked = new AtomicLong();
        assertThat(run(load(0x10008, linear::set), load(0x40000000, walked::set)))
                .isEqualTo(Trap.SYSCALL);
        assertThat(linear).hasValue(11);
        assertThat(walked).hasValue(42);
        assertThat(hart.retired).isEqualTo(retired + 2);
        MachineContract.assertReason(HostException.Reason.EXISTS, () -> spaces.create(9));
    }

    @Test
    void virtualTimeAndRandomBytesGoOnWhereTheyWere() {
        byte[] whole = new byte[64];
        virtual();
        slot.fill(host(engine));
        slot.entropy().fill(whole, 0, 64);
        virtual();
        slot.fill(host(engine));
        slot.vmspaces().create(1);
        slot.clock().setRealtime(5_000);
        run(nops(100));
        byte[] parts = new byte[64];
        slot.entropy().fill(parts, 0, 24);
        slot.fill(host(engine));
        slot.entropy().fill(parts, 24, 40);
        assertThat(parts).isEqualTo(whole);
        assertThat(slot.clock().monotonic()).isEqualTo(100);
        assertThat(slot.clock().realtime()).isEqualTo(5_100);
        run(nops(10));
        assertThat(slot.clock().monotonic()).isEqualTo(110);
    }

    @Test
    void realTimeDoesNotGoBack() {
        slot.fill(host(engine));
        slot.clock().setRealtime(1_000_000_000_000L);
        long before = slot.clock().monotonic();
        long ahead = slot.clock().realtime() - before;
        slot.fill(host(engine));
        long after = slot.clock().monotonic();
        assertThat(after).isGreaterThanOrEqualTo(before);
        assertThat(slot.clock().realtime() - after).isBetween(ahead, ahead + 1_000_000_000L);
    }

    @Test
    void timeStandsStillWithoutAHostAndNothingIsLost() {
        slot.fill(host(engine));
        slot.vmspaces().create(1);
        slot.clock().setRealtime(9_000_000_000_000L);
        Machine gone = slot.machine().orElseThrow();
        slot.empty(gone);
        assertThat(slot.ready()).isFalse();
        assertThat(slot.missing()).contains("host");
        long stood = slot.clock().monotonic();
        assertThatThrownBy(() -> slot.vmspaces().ids()).isInstanceOf(IllegalStateException.class);
        assertThat(slot.clock().monotonic()).isEqualTo(stood);
        assertThat(slot.clock().realtime()).isBetween(9_000_000_000_000L, 9_060_000_000_000L);
        slot.ram().putLong(64, 3);
        slot.fill(host(engine));
        assertThat(slot.ready()).isTrue();
        assertThat(slot.vmspaces().ids()).containsExactly(1);
        assertThat(slot.ram().getLong(64)).isEqualTo(3);
    }

    @Test
    void aWriteToCodeIsReportedThoughItCameWithoutAHost() {
        slot.fill(host(engine));
        slot.ram().markCode(3);
        slot.empty(slot.machine().orElseThrow());
        slot.ram().putByte(3 * PAGE, (byte) 1);
        assertThat(engine.changes(3)).isZero();
        slot.fill(host(engine));
        assertThat(engine.changes(3)).isEqualTo(1);
        slot.ram().markCode(3);
        slot.ram().putByte(3 * PAGE, (byte) 1);
        assertThat(engine.changes(3)).isEqualTo(2);
    }

    @Test
    void openBlockFilesStayOpenAndLocked() throws IOException {
        Path file = Files.write(folder.resolve("disk"), new byte[8192]);
        slot.close();
        slot = new HostSlot(new MachineConfig(
                1 << 20,
                1,
                MachineConfig.Time.VIRTUAL,
                0,
                false,
                Map.of(),
                Map.of(),
                Map.of("disk", BlockSource.of(file))));
        slot.fill(host(engine));
        BlockFile disk = slot.open("disk");
        slot.ram().putLong(0, 77);
        disk.write(4096, 0, 512, failure -> assertThat(failure).isNull());
        slot.fill(host(engine));
        AtomicBoolean done = new AtomicBoolean();
        disk.read(4096, PAGE, 512, failure -> done.set(failure == null));
        assertThat(done).isTrue();
        assertThat(slot.ram().getLong(PAGE)).isEqualTo(77);
        MachineContract.assertReason(BUSY, () -> slot.open("disk"));
        disk.close();
        MachineContract.assertReason(ABSENT, () -> disk.read(0, 0, 512, failure -> {}));
        slot.open("disk").close();
    }

    @Test
    void channelsThatWerePluggedInStay() {
        Channel channel = new StreamChannel("test", InputStream.nullInputStream(), OutputStream.nullOutputStream());
        slot.plug("early", channel);
        slot.fill(host(engine));
        slot.plug("late", channel);
        slot.fill(host(engine));
        assertThat(slot.channel("early")).isSameAs(channel);
        assertThat(slot.machine().orElseThrow().channel("late")).isSameAs(channel);
        slot.unplug("late");
        MachineContract.assertReason(ABSENT, () -> slot.channel("late"));
    }

    @Test
    void aHartThatRunsOrIdlesComesOut() {
        slot.fill(host(engine));
        slot.vmspaces().create(1);
        AtomicBoolean inside = new AtomicBoolean();
        CompletableFuture<Void> running =
                MachineContract.async(() -> assertThat(run(call(() -> inside.set(true)), spinUntil(() -> false)))
                        .isEqualTo(Trap.INTERRUPT));
        CompletableFuture<Void> idling =
                MachineContract.async(() -> slot.clock().idle(1, Long.MAX_VALUE));
        MachineContract.await(inside::get);
        slot.fill(host(engine));
        MachineContract.finish(running);
        MachineContract.await(() -> {
            slot.fill(host(engine)); // it may not have begun to idle before
            return idling.isDone();
        });
        MachineContract.finish(idling);
        assertThat(run(nops(1))).isEqualTo(Trap.SYSCALL);
    }

    @Test
    void whoCannotTakeOverLeavesTheHostBeforeInUse() {
        Machine good = host(engine);
        slot.fill(good);
        slot.vmspaces().create(4);
        Machine bad = host(new Broken());
        MachineContract.assertReason(INVALID, () -> slot.fill(bad));
        assertThat(slot.machine()).containsSame(good);
        assertThat(slot.vmspaces().ids()).containsExactly(4);
        assertThat(slot.ready()).isTrue();
        assertThat(slot.exchanges().getLast().why()).contains("as the test wants it");
    }

    /** An engine that cannot be attached. */
    private static final class Broken implements Engine {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public void attach(Ram ram) {
            throw new HostException(INVALID, "as the test wants it");
        }

        @Override
        public int run(Hart hart, long budget, boolean exact) {
            throw new AssertionError("never attached");
        }

        @Override
        public void codeChanged(int frame) {
            throw new AssertionError("never attached");
        }
    }

    @Test
    void goesBackToTheHostBefore() {
        Machine first = host(engine);
        slot.fill(first);
        slot.fill(host(engine));
        slot.vmspaces().create(8);
        assertThat(slot.goBack("host", "the test wants it")).isTrue();
        assertThat(slot.machine()).containsSame(first);
        assertThat(slot.vmspaces().ids()).containsExactly(8);
        slot.empty(first);
        slot.fill(host(engine));
        assertThat(slot.goBack("host", "the test wants it")).isFalse();
        assertThat(slot.exchanges()).extracting(Exchange::subsystem).containsOnly("host");
    }

    @Test
    void aRehearsalLeavesTheHostBeforeInUse() {
        Machine first = host(engine);
        slot.fill(first);
        slot.vmspaces().create(4);
        slot.rehearse(true);
        slot.fill(host(engine));
        slot.rehearse(false);
        assertThat(slot.machine()).containsSame(first);
        assertThat(slot.vmspaces().ids()).containsExactly(4);
        assertThat(slot.ready()).isTrue();
        assertThat(slot.exchanges().getLast().kind()).isEqualTo(Exchange.Kind.REHEARSED);
    }

    @Test
    void whoFailsWhileItIsNewIsTakenBackOnce() {
        Machine first = host(engine);
        slot.fill(first);
        assertThat(slot.failed("a bug")).isFalse();
        slot.fill(host(engine));
        assertThat(slot.failed("a bug")).isTrue();
        assertThat(slot.machine()).containsSame(first);
        assertThat(slot.exchanges().getLast())
                .extracting(Exchange::kind, Exchange::why)
                .containsExactly(Exchange.Kind.TAKEN_BACK, "a bug");
        assertThat(slot.failed("another bug")).isFalse();
    }

    @Test
    void aStateThatHoldsTogetherIsHandedOverUnchanged() {
        virtual();
        Machine first = host(engine);
        slot.fill(first);
        slot.vmspaces().create(1);
        slot.vmspaces().mmap(1, 0, 4 * PAGE, READ, 0);
        slot.vmspaces().munmap(1, PAGE, PAGE);
        run(nops(9));
        MachineState given = first.release();
        given.check();
        Machine second = host(engine);
        second.adopt(given);
        assertThat(second.release()).isEqualTo(given);
        first.adopt(given);
    }
}
