package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;
import static vkernel.guest.vm.Machine.SHARED;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.task.Limits;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** Faults of user code on a hart whose translations are checked. */
class FaultTest {
    private static final byte[] ROM = new byte[40 * PAGE + 100];

    static {
        new Random(1).nextBytes(ROM);
    }

    private final Machine machine = new Machine(4 << 20, ROM);
    private final Task task = machine.process();
    private final AddressSpace space = task.memory();
    private final long[] value = new long[1];

    @AfterEach
    void everythingIsAccountedFor() {
        machine.check();
        machine.close();
    }

    @Test
    void memoryIsZeroAndIsGivenOutOnTheFirstWrite() {
        long a = machine.map(task, 4 * PAGE, RW, PRIVATE);
        assertThat(machine.load(task, a, value)).isEqualTo(Vm.FAULT_DONE);
        assertThat(value[0]).isZero();
        assertThat(space.anonymousPages).isZero();
        assertThat(machine.store(task, a, 42)).isEqualTo(Vm.FAULT_DONE);
        assertThat(machine.load(task, a, value)).isEqualTo(Vm.FAULT_DONE);
        assertThat(value[0]).isEqualTo(42);
        assertThat(space.anonymousPages).isEqualTo(1);
        assertThat(machine.vm.resident(space)).isEqualTo(PAGE);
    }

    @Test
    void accessThatIsNotAllowedIsTold() {
        long a = machine.map(task, PAGE, Vma.READ, PRIVATE);
        assertThat(machine.load(task, a, value)).isEqualTo(Vm.FAULT_DONE);
        assertThat(machine.store(task, a, 1)).isEqualTo(Vm.FAULT_DENIED);
        assertThat(machine.store(task, a - PAGE, 1)).isEqualTo(Vm.FAULT_UNMAPPED);
        assertThat(machine.vm.fault(task, a, Vma.EXECUTE)).isEqualTo(Vm.FAULT_DENIED);
        assertThat(machine.vm.fault(task, -8, Vma.READ)).isEqualTo(Vm.FAULT_UNMAPPED);
        assertThat(machine.vm.fault(task, AddressSpace.END, Vma.READ)).isEqualTo(Vm.FAULT_UNMAPPED);
    }

    @Test
    void protectionTakesEffectOnTheNextAccess() {
        long a = machine.map(task, 3 * PAGE, RW, PRIVATE);
        machine.store(task, a + PAGE, 7);
        machine.vm.protect(space, a + PAGE, PAGE, Vma.READ);
        assertThat(machine.store(task, a + PAGE, 8)).isEqualTo(Vm.FAULT_DENIED);
        machine.vm.protect(space, a + PAGE, PAGE, 0);
        assertThat(machine.load(task, a + PAGE, value)).isEqualTo(Vm.FAULT_DENIED);
        machine.vm.protect(space, a, 3 * PAGE, RW);
        assertThat(machine.store(task, a + PAGE + 8, 8)).isEqualTo(Vm.FAULT_DONE);
        machine.load(task, a + PAGE, value);
        assertThat(value[0]).isEqualTo(7);
    }

    @Test
    void anUnmappedPageIsGoneAtOnce() {
        long a = machine.map(task, 3 * PAGE, RW, PRIVATE);
        machine.store(task, a + PAGE, 7);
        machine.vm.unmap(space, a + PAGE, PAGE);
        assertThat(machine.load(task, a + PAGE, value)).isEqualTo(Vm.FAULT_UNMAPPED);
        assertThat(space.tablePages).isEqualTo(1);
        assertThat(space.count()).isEqualTo(2);
    }

    @Test
    void theStackGrowsToItsLimitAndKeepsItsDistance() {
        task.process.softLimits[Limits.STACK] = 8 * PAGE;
        long top = 0x4000_0000;
        int flags = PRIVATE | Vm.MAP_FIXED | Vm.MAP_GROWSDOWN;
        machine.vm.map(space, top - PAGE, PAGE, RW, flags, null, 0);
        assertThat(machine.store(task, top - 8 * PAGE, 1)).isEqualTo(Vm.FAULT_DONE);
        assertThat(machine.store(task, top - 9 * PAGE, 1)).isEqualTo(Vm.FAULT_UNMAPPED);
        assertThat(space.vma(0).start).isEqualTo(top - 8 * PAGE);
        task.process.softLimits[Limits.STACK] = 8 << 20;
        long near = top - 8 * PAGE - StackGrowth.GAP - 2 * PAGE;
        machine.vm.map(space, near, PAGE, RW, PRIVATE | Vm.MAP_FIXED, null, 0);
        assertThat(machine.store(task, near + PAGE + StackGrowth.GAP, 1)).isEqualTo(Vm.FAULT_DONE);
        assertThat(machine.store(task, near + StackGrowth.GAP, 1)).isEqualTo(Vm.FAULT_UNMAPPED);
    }

    @Test
    void aFileIsReadWhenItIsTouchedAndEndsWithZeros() {
        OpenFile file = Machine.open(Machine.romPages(5, 3 * PAGE + 50), Mode.O_RDONLY);
        long a = machine.vm.map(space, 0, 5 * PAGE, Vma.READ, Vm.MAP_PRIVATE, file, 0);
        byte[] expected = new byte[4 * PAGE];
        System.arraycopy(ROM, 5, expected, 0, 3 * PAGE + 50);
        assertThat(machine.read(task, a, 4 * PAGE)).isEqualTo(expected);
        assertThat(machine.load(task, a + 4 * PAGE, value)).isEqualTo(Vm.FAULT_BUS);
        assertThat(task.majorFaults + machine.vm.counters().majorFaults).isEqualTo(4);
    }

    @Test
    void neighboursOfAFileInMemoryAreMappedAlong() {
        PageCache pages = Machine.romPages(0, 40 * PAGE);
        OpenFile file = Machine.open(pages, Mode.O_RDONLY);
        for (int i = 0; i < 40; i++) {
            machine.vm.page(pages, i, false);
        }
        long a = machine.vm.map(space, 0x10_0000, 40 * PAGE, RW, Vm.MAP_PRIVATE, file, 0);
        machine.load(task, a + 3 * PAGE, value);
        assertThat(space.filePages).isEqualTo(16);
        assertThat(machine.vm.counters().faults).isEqualTo(1);
        machine.store(task, a + 2 * PAGE, 9);
        assertThat(space.filePages).isEqualTo(15);
        assertThat(space.anonymousPages).isEqualTo(1);
    }

    @Test
    void aPrivateWriteLeavesTheFileAlone() {
        PageCache pages = Machine.romPages(0, 2 * PAGE);
        OpenFile file = Machine.open(pages, Mode.O_RDONLY);
        long a = machine.vm.map(space, 0, 2 * PAGE, RW, Vm.MAP_PRIVATE, file, 0);
        machine.load(task, a, value);
        long original = value[0];
        machine.store(task, a, ~original);
        machine.load(task, a, value);
        assertThat(value[0]).isEqualTo(~original);
        assertThat(machine.host.ram().getLong(machine.vm.page(pages, 0, false))).isEqualTo(original);
    }

    @Test
    void aSharedWriteIsSeenByAllAndDatesTheFile() {
        PageCache pages = Machine.romPages(0, 2 * PAGE);
        OpenFile file = Machine.open(pages, Mode.O_RDWR);
        Task other = machine.process();
        long a = machine.vm.map(space, 0, 2 * PAGE, RW, Vm.MAP_SHARED, file, 0);
        long b = machine.vm.map(other.memory(), 0x10_0000, PAGE, RW, Vm.MAP_SHARED, file, PAGE);
        machine.load(other, b, value);
        assertThat(file.inode().mtime).isZero();
        machine.store(task, a + PAGE, 5);
        machine.load(other, b, value);
        assertThat(value[0]).isEqualTo(5);
        assertThat(file.inode().mtime).isEqualTo(1_000_000_007L);
        machine.store(other, b, 6);
        machine.load(task, a + PAGE, value);
        assertThat(value[0]).isEqualTo(6);
        assertThat(file.refs).isEqualTo(3);
        machine.end(other);
        assertThat(file.refs).isEqualTo(2);
    }

    @Test
    void anonymousSharedMemoryEndsWithItsLastMapping() {
        long a = machine.map(task, 4 * PAGE, RW, SHARED);
        machine.store(task, a, 3);
        Task child = machine.process(machine.vm.fork(space));
        machine.store(child, a + PAGE, 4);
        machine.load(task, a + PAGE, value);
        assertThat(value[0]).isEqualTo(4);
        machine.vm.unmap(space, a, 4 * PAGE);
        machine.load(child, a, value);
        assertThat(value[0]).isEqualTo(3);
        assertThat(machine.vm.stats().shared()).isEqualTo(2 * PAGE);
        machine.end(child);
        assertThat(machine.vm.stats().shared()).isZero();
    }

    @Test
    void aFileThatIsCutOffIsCutOffInMemoryToo() {
        PageCache pages = Machine.romPages(0, 4 * PAGE);
        OpenFile file = Machine.open(pages, Mode.O_RDWR);
        long a = machine.vm.map(space, 0, 4 * PAGE, RW, Vm.MAP_PRIVATE, file, 0);
        machine.load(task, a, value);
        machine.store(task, a + 3 * PAGE, 1);
        machine.vm.truncatePages(pages, 100);
        assertThat(machine.store(task, a + 3 * PAGE, 1)).isEqualTo(Vm.FAULT_BUS);
        assertThat(machine.load(task, a + PAGE, value)).isEqualTo(Vm.FAULT_BUS);
        machine.vm.truncatePages(pages, 4 * PAGE);
        byte[] expected = new byte[4 * PAGE];
        System.arraycopy(ROM, 0, expected, 0, 100);
        assertThat(machine.read(task, a, 4 * PAGE)).isEqualTo(expected);
    }

    @Test
    void aHoleIsZeroButPrivateCopiesStay() {
        PageCache pages = Machine.romPages(0, 4 * PAGE);
        OpenFile file = Machine.open(pages, Mode.O_RDWR);
        long a = machine.vm.map(space, 0, 4 * PAGE, RW, Vm.MAP_PRIVATE, file, 0);
        machine.store(task, a + 2 * PAGE, 77);
        machine.load(task, a + PAGE, value);
        machine.vm.punchPages(pages, 100, 3 * PAGE);
        machine.load(task, a + PAGE, value);
        assertThat(value[0]).isZero();
        machine.load(task, a + 2 * PAGE, value);
        assertThat(value[0]).isEqualTo(77);
        byte[] expected = new byte[PAGE];
        System.arraycopy(ROM, 0, expected, 0, 100);
        assertThat(machine.read(task, a, PAGE)).isEqualTo(expected);
        assertThat(machine.read(task, a + 3 * PAGE + 100, 1)).containsExactly(ROM[3 * PAGE + 100]);
    }

    @Test
    void unwantedPagesAreGivenBack() {
        long a = machine.map(task, 4 * PAGE, RW, PRIVATE);
        machine.store(task, a, 1);
        machine.store(task, a + PAGE, 2);
        assertThat(machine.vm.advise(space, a, PAGE, 4)).isZero();
        machine.load(task, a, value);
        assertThat(value[0]).isZero();
        byte[] there = new byte[4];
        assertThat(machine.vm.resident(space, a, there)).isZero();
        assertThat(there).containsExactly(1, 1, 0, 0);
        assertThat(machine.vm.advise(space, a, 4 * PAGE, 23)).isZero();
        assertThat(space.anonymousPages).isEqualTo(4);
    }

    @Test
    void populatedMemoryDoesNotFault() {
        long a = machine.map(task, 40 * PAGE, RW, PRIVATE | Vm.MAP_POPULATE);
        assertThat(space.anonymousPages).isEqualTo(40);
        machine.store(task, a + 39 * PAGE, 1);
        assertThat(machine.vm.counters().faults).isZero();
    }
}
