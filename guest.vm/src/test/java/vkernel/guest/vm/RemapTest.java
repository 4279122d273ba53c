package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;
import static vkernel.guest.vm.Machine.SHARED;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.kern.Errno;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;

class RemapTest {
    private static final int MAYMOVE = 1;
    private static final int FIXED = 2;
    private static final int DONTUNMAP = 4;
    private static final long A = 0x10_0000;
    private static final long B = 0x80_0000;

    private final Machine machine = new Machine(2 << 20, new byte[0]);
    private final Task task = machine.process();
    private final AddressSpace space = task.memory();
    private final long[] value = new long[1];

    @BeforeEach
    void fourPages() {
        machine.vm.map(space, A, 4 * PAGE, RW, PRIVATE, null, 0);
        for (int i = 0; i < 4; i++) {
            machine.store(task, A + i * PAGE, i + 1);
        }
    }

    @AfterEach
    void everythingIsAccountedFor() {
        machine.check();
        machine.close();
    }

    private long load(long va) {
        assertThat(machine.load(task, va, value)).isEqualTo(Vm.FAULT_DONE);
        return value[0];
    }

    private long remap(long was, long now, int flags, long to) {
        return machine.vm.remap(space, A, was, now, flags, to);
    }

    @Test
    void aRangeShrinksInPlace() {
        assertThat(remap(4 * PAGE, PAGE, 0, 0)).isEqualTo(A);
        assertThat(load(A)).isEqualTo(1);
        assertThat(machine.load(task, A + PAGE, value)).isEqualTo(Vm.FAULT_UNMAPPED);
    }

    @Test
    void aRangeGrowsInPlaceWhereThereIsRoom() {
        assertThat(remap(4 * PAGE, 6 * PAGE, 0, 0)).isEqualTo(A);
        assertThat(load(A + 5 * PAGE)).isZero();
        machine.vm.map(space, A + 6 * PAGE, PAGE, 0, PRIVATE | Vm.MAP_FIXED, null, 0);
        assertThat(remap(6 * PAGE, 7 * PAGE, 0, 0)).isEqualTo(-Errno.ENOMEM);
    }

    @Test
    void aRangeMovesWithItsPages() {
        machine.vm.map(space, A + 4 * PAGE, PAGE, 0, PRIVATE | Vm.MAP_FIXED, null, 0);
        long to = remap(4 * PAGE, 8 * PAGE, MAYMOVE, 0);
        assertThat(to).isPositive().isNotEqualTo(A);
        for (int i = 0; i < 4; i++) {
            assertThat(load(to + i * PAGE)).isEqualTo(i + 1);
            assertThat(machine.load(task, A + i * PAGE, value)).isEqualTo(Vm.FAULT_UNMAPPED);
        }
        assertThat(load(to + 7 * PAGE)).isZero();
        assertThat(machine.vm.counters().copies).isZero();
    }

    @Test
    void aPartMovesToAFixedPlace() {
        machine.vm.map(space, B, 4 * PAGE, RW, PRIVATE, null, 0);
        machine.store(task, B + PAGE, 99);
        assertThat(machine.vm.remap(space, A + PAGE, 2 * PAGE, PAGE, MAYMOVE | FIXED, B + PAGE))
                .isEqualTo(B + PAGE);
        assertThat(load(B + PAGE)).isEqualTo(2);
        assertThat(machine.load(task, A + 2 * PAGE, value)).isEqualTo(Vm.FAULT_UNMAPPED);
        assertThat(load(A + 3 * PAGE)).isEqualTo(4);
        assertThat(remap(PAGE, PAGE, MAYMOVE | FIXED, A)).isEqualTo(-Errno.EINVAL);
        assertThat(remap(PAGE, PAGE, FIXED, B)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void theOldPlaceCanStayMapped() {
        assertThat(remap(4 * PAGE, 4 * PAGE, MAYMOVE | FIXED | DONTUNMAP, B)).isEqualTo(B);
        assertThat(load(B + 3 * PAGE)).isEqualTo(4);
        assertThat(load(A + 3 * PAGE)).isZero();
    }

    @Test
    void sharedMemoryCanBeMappedTwice() {
        long s = machine.map(task, 2 * PAGE, RW, SHARED);
        machine.store(task, s, 5);
        long t = machine.vm.remap(space, s, 0, 2 * PAGE, MAYMOVE, 0);
        assertThat(t).isNotEqualTo(s);
        assertThat(load(t)).isEqualTo(5);
        machine.store(task, t + PAGE, 6);
        assertThat(load(s + PAGE)).isEqualTo(6);
        assertThat(remap(0, PAGE, MAYMOVE, 0)).isEqualTo(-Errno.EINVAL);
    }
}
