package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.host.HostException.Reason.ABSENT;
import static vkernel.host.HostException.Reason.BUSY;
import static vkernel.host.HostException.Reason.EXISTS;
import static vkernel.host.HostException.Reason.INVALID;
import static vkernel.host.Vmspaces.EXECUTE;
import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;
import static vkernel.host.contract.ScriptedEngine.call;
import static vkernel.host.contract.ScriptedEngine.fetch;
import static vkernel.host.contract.ScriptedEngine.load;
import static vkernel.host.contract.ScriptedEngine.nops;
import static vkernel.host.contract.ScriptedEngine.spinUntil;
import static vkernel.host.contract.ScriptedEngine.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.host.Host;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;

/** {@link Vmspaces}: names, mappings, errors, and how a run ends. */
public abstract class VmspacesContract extends MachineContract {
    private static final long VA = 0x4000_0000L;

    private final ScriptedEngine engine = new ScriptedEngine();
    private final AtomicLong seen = new AtomicLong();
    private Host host;
    private Ram ram;
    private Vmspaces spaces;

    @BeforeEach
    void start() {
        host = machine(2, false, engine);
        ram = host.ram();
        spaces = host.vmspaces();
        spaces.create(1);
    }

    private int run(ScriptedEngine.Step... steps) {
        return run(host, engine, 1, 0, steps);
    }

    private void assertFault(int trap, long va, int access, int code) {
        Hart hart = host.hart(0);
        assertThat(Trap.name(trap)).isEqualTo(Trap.name(code));
        assertThat(hart.trap).isEqualTo(code);
        assertThat(hart.trapAddress).isEqualTo(va);
        assertThat(hart.trapAccess).isEqualTo(access);
    }

    @Test
    void listsNamesFromCreateToDestroy() {
        spaces.create(-5);
        spaces.create(1000);
        assertThat(spaces.ids()).containsExactly(-5, 1, 1000);
        spaces.destroy(1);
        assertThat(spaces.ids()).containsExactly(-5, 1000);
        spaces.create(1);
        assertThat(spaces.ids()).containsExactly(-5, 1, 1000);
    }

    @Test
    void refusesANameTwice() {
        assertReason(EXISTS, () -> spaces.create(1));
    }

    @Test
    void refusesNamesThatDoNotExist() {
        List<ThrowingCallable> calls = List.of(
                () -> spaces.destroy(7),
                () -> spaces.run(7, host.hart(0), 1),
                () -> spaces.mmap(7, 0, PAGE, READ, 0),
                () -> spaces.mmapVirtual(7, 0, PAGE, READ),
                () -> spaces.munmap(7, 0, PAGE),
                () -> spaces.setMap(7, 0, 0),
                () -> spaces.inval(7, 0, PAGE),
                () -> spaces.pread(7, new byte[1], 0, 1, 0),
                () -> spaces.pwrite(7, new byte[1], 0, 1, 0),
                () -> spaces.mget(7, 0, 1));
        for (ThrowingCallable call : calls) assertReason(ABSENT, call);
    }

    @Test
    void refusesRangesThatAreMisalignedOrTooHigh() {
        long[][] ranges = {
            {1, PAGE},
            {0, 1},
            {0, -PAGE},
            {-PAGE, PAGE},
            {Vpte.END, PAGE},
            {PAGE, Vpte.END},
            {0, Long.MIN_VALUE},
            {Long.MAX_VALUE & -PAGE, PAGE}
        };
        for (long[] range : ranges) {
            assertReason(INVALID, () -> spaces.mmap(1, range[0], range[1], READ, 0));
            assertReason(INVALID, () -> spaces.mmapVirtual(1, range[0], range[1], READ));
            assertReason(INVALID, () -> spaces.munmap(1, range[0], range[1]));
            assertReason(INVALID, () -> spaces.inval(1, range[0], range[1]));
        }
        assertReason(INVALID, () -> spaces.mget(1, 1, 1));
        assertReason(INVALID, () -> spaces.mget(1, 0, -1));
        assertReason(INVALID, () -> spaces.mget(1, Vpte.END - PAGE, 2));
    }

    @Test
    void refusesMappingsThatMakeNoSense() {
        assertReason(INVALID, () -> spaces.mmap(1, 0, 0, READ, 0));
        assertReason(INVALID, () -> spaces.mmapVirtual(1, 0, 0, READ));
        assertReason(INVALID, () -> spaces.mmap(1, 0, PAGE, 8, 0));
        assertReason(INVALID, () -> spaces.mmap(1, 0, PAGE, READ, 8));
        assertReason(INVALID, () -> spaces.mmap(1, 0, PAGE, READ, -PAGE));
        assertReason(INVALID, () -> spaces.mmap(1, 0, 2 * PAGE, READ, RAM - PAGE));
    }

    @Test
    void refusesOverlappingMappings() {
        spaces.mmap(1, VA, 4 * PAGE, READ, 0);
        assertReason(EXISTS, () -> spaces.mmap(1, VA + 3 * PAGE, 2 * PAGE, READ, 0));
        assertReason(EXISTS, () -> spaces.mmapVirtual(1, 0, Vpte.END, READ));
        spaces.mmap(1, VA + 4 * PAGE, PAGE, READ, 0);
        spaces.mmapVirtual(1, VA - PAGE, PAGE, READ);
    }

    @Test
    void refusesRootsThatAreNotFrames() {
        spaces.mmap(1, 0, PAGE, READ, 0);
        spaces.mmapVirtual(1, VA, PAGE, READ);
        assertReason(INVALID, () -> spaces.setMap(1, VA, 8));
        assertReason(INVALID, () -> spaces.setMap(1, VA, RAM));
        assertReason(INVALID, () -> spaces.setMap(1, VA, -PAGE));
        assertReason(INVALID, () -> spaces.setMap(1, VA + PAGE, 0));
        assertReason(INVALID, () -> spaces.setMap(1, 0, 0));
        spaces.setMap(1, VA, -1);
    }

    @Test
    void linearMappingIsRam() {
        spaces.mmap(1, VA, 4 * PAGE, READ | WRITE, 8 * PAGE);
        ram.putLong(9 * PAGE + 8, 77);
        assertThat(run(load(VA + PAGE + 8, seen::set), store(VA + 2 * PAGE, 99)))
                .isEqualTo(Trap.SYSCALL);
        assertThat(seen).hasValue(77);
        assertThat(ram.getLong(10 * PAGE)).isEqualTo(99);
    }

    @Test
    void protectionOfAMappingIsKept() {
        spaces.mmap(1, VA, PAGE, READ, 0);
        spaces.mmap(1, VA + PAGE, PAGE, WRITE, 0);
        spaces.mmap(1, VA + 2 * PAGE, PAGE, EXECUTE, 5 * PAGE);
        for (int page = 0; page < 3; page++) {
            long va = VA + page * PAGE + 16;
            int allowed = 1 << page;
            ScriptedEngine.Step[] steps = {load(va), store(va, 1), fetch(va)};
            for (int i = 0; i < 3; i++) {
                int trap = run(steps[i]);
                if (allowed == 1 << i) assertThat(trap).isEqualTo(Trap.SYSCALL);
                else assertFault(trap, va, 1 << i, Trap.PAGE_PROTECTED);
            }
        }
        assertThat(host.hart(0).fetchFrame).isEqualTo(5);
    }

    @Test
    void addressesThatAreNotMappedAreMissing() {
        spaces.mmap(1, VA, PAGE, READ, 0);
        for (long va : new long[] {0, VA - 8, VA + PAGE, Vpte.END - 8, Vpte.END, Vpte.END + VA, Long.MIN_VALUE, -8}) {
            assertFault(run(load(va)), va, READ, Trap.PAGE_MISSING);
            assertFault(run(store(va, 1)), va, WRITE, Trap.PAGE_MISSING);
            assertFault(run(fetch(va)), va, EXECUTE, Trap.PAGE_MISSING);
        }
    }

    @Test
    void munmapMakesAHole() {
        spaces.mmap(1, VA, 5 * PAGE, READ, 8 * PAGE);
        for (int page = 0; page < 5; page++) ram.putLong((8 + page) * PAGE, 100 + page);
        for (int page = 0; page < 5; page++) run(load(VA + page * PAGE)); // now in the TLB
        spaces.munmap(1, VA + 2 * PAGE, PAGE);
        assertFault(run(load(VA + 2 * PAGE)), VA + 2 * PAGE, READ, Trap.PAGE_MISSING);
        run(load(VA + PAGE, seen::set));
        assertThat(seen).hasValue(101);
        run(load(VA + 3 * PAGE, seen::set));
        assertThat(seen).hasValue(103);
        spaces.mmap(1, VA + 2 * PAGE, PAGE, READ, 8 * PAGE);
        spaces.munmap(1, 0, Vpte.END);
        assertFault(run(load(VA + 3 * PAGE)), VA + 3 * PAGE, READ, Trap.PAGE_MISSING);
        spaces.munmap(1, VA, 0);
    }

    @Test
    void copiesWithTheRightsOfUserCodeUpToTheFault() {
        spaces.mmap(1, VA, 2 * PAGE, READ | WRITE, 8 * PAGE);
        spaces.mmap(1, VA + 2 * PAGE, PAGE, READ, 2 * PAGE);
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8};
        assertThat(spaces.pwrite(1, bytes, 1, 6, VA + PAGE - 3)).isEqualTo(6);
        assertThat(ram.getInt(9 * PAGE - 4)).isEqualTo(0x04030200);
        assertThat(spaces.pwrite(1, bytes, 0, 8, VA + 2 * PAGE - 5)).isEqualTo(5);
        byte[] back = new byte[8];
        assertThat(spaces.pread(1, back, 0, 8, VA + 2 * PAGE - 5)).isEqualTo(8);
        assertThat(back).containsExactly(1, 2, 3, 4, 5, 0, 0, 0);
        assertThat(spaces.pread(1, back, 2, 6, VA + 3 * PAGE - 4)).isEqualTo(4);
        assertThat(spaces.pread(1, back, 0, 0, VA)).isZero();
        for (long va : new long[] {0, -1, -4, Vpte.END, Vpte.END - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(spaces.pread(1, back, 0, 8, va)).isZero();
            assertThat(spaces.pwrite(1, back, 0, 8, va)).isZero();
        }
    }

    @Test
    void pwriteReportsChangedCode() {
        spaces.mmap(1, VA, PAGE, READ | WRITE, 8 * PAGE);
        ram.markCode(8);
        spaces.pwrite(1, new byte[] {1}, 0, 1, VA + 5);
        assertThat(engine.changes(8)).isEqualTo(1);
    }

    @Test
    void userStoreReportsChangedCode() {
        spaces.mmap(1, VA, PAGE, READ | WRITE, 8 * PAGE);
        assertThat(run(store(VA, 1), call(() -> ram.markCode(8)), store(VA, 2), store(VA + 8, 3)))
                .isEqualTo(Trap.SYSCALL);
        assertThat(engine.changes(8)).isEqualTo(1);
        assertThat(ram.isCode(8)).isFalse();
        spaces.inval(1, VA, PAGE); // so that the load is a miss
        assertThat(run(call(() -> ram.markCode(8)), load(VA))).isEqualTo(Trap.SYSCALL);
        assertThat(ram.isCode(8)).isTrue();
        assertThat(run(store(VA, 4))).isEqualTo(Trap.SYSCALL); // the load before must not have let it through
        assertThat(engine.changes(8)).isEqualTo(2);
    }

    @Test
    void spacesDoNotSeeEachOther() {
        int count = 20; // more than any TLB pool keeps warm
        for (int id = 1; id <= count; id++) {
            if (id > 1) spaces.create(id);
            spaces.mmap(id, VA, PAGE, READ | WRITE, id * PAGE);
            ram.putLong(id * PAGE, 1000 + id);
        }
        for (int round = 0; round < 3; round++) {
            for (int id = 1; id <= count; id++) {
                assertThat(run(host, engine, id, id & 1, load(VA, seen::set))).isEqualTo(Trap.SYSCALL);
                assertThat(seen).hasValue(1000 + id);
            }
        }
    }

    @Test
    void aNameUsedAgainIsEmpty() {
        spaces.mmap(1, VA, PAGE, READ, 0);
        run(load(VA));
        spaces.destroy(1);
        spaces.create(1);
        assertFault(run(load(VA)), VA, READ, Trap.PAGE_MISSING);
    }

    @Test
    void isBusyWhileAHartRunsInIt() {
        AtomicBoolean inside = new AtomicBoolean();
        AtomicBoolean leave = new AtomicBoolean();
        CompletableFuture<Void> other =
                async(() -> run(host, engine, 1, 1, call(() -> inside.set(true)), spinUntil(leave::get)));
        await(inside::get);
        assertReason(BUSY, () -> spaces.destroy(1));
        assertReason(BUSY, () -> spaces.run(1, host.hart(1), 1));
        assertThat(run(nops(1))).isEqualTo(Trap.SYSCALL); // another hart may run in it
        leave.set(true);
        finish(other);
        spaces.destroy(1);
        assertThat(spaces.ids()).isEmpty();
    }

    @Test
    void refusesAHartOfAnotherMachine() {
        Host other = machine(1, false, new ScriptedEngine());
        assertReason(INVALID, () -> spaces.run(1, other.hart(0), 1));
    }

    @Test
    void runEndsWithTheBudget() {
        Hart hart = host.hart(0);
        engine.script(0, nops(10));
        assertThat(spaces.run(1, hart, 4)).isEqualTo(Trap.BUDGET);
        assertThat(hart.regs[Registers.PC]).isEqualTo(4);
        assertThat(spaces.run(1, hart, 100)).isEqualTo(Trap.SYSCALL);
        assertThat(hart.retired).isEqualTo(10);
    }

    @Test
    void interruptEndsARun() {
        Hart hart = host.hart(0);
        AtomicBoolean inside = new AtomicBoolean();
        CompletableFuture<Void> other = async(() -> {
            await(inside::get);
            hart.interrupt();
        });
        assertThat(run(call(() -> inside.set(true)), spinUntil(() -> false))).isEqualTo(Trap.INTERRUPT);
        finish(other);
        hart.interrupt();
        assertThat(run(nops(1))).isEqualTo(Trap.INTERRUPT);
        assertThat(run(nops(1))).isEqualTo(Trap.SYSCALL);
    }

    @Test
    void mgetKnowsLinearMappings() {
        spaces.mmap(1, VA, PAGE, READ, 0);
        byte all = (byte) (Vpte.V | Vpte.A | Vpte.M);
        assertThat(spaces.mget(1, VA - PAGE, 3)).containsExactly(0, all, 0);
        assertThat(spaces.mget(1, VA, 0)).isEmpty();
    }

    @Test
    void checksNothingUnlessAsked() {
        assertThat(spaces.staleTranslations()).isEmpty();
    }
}
