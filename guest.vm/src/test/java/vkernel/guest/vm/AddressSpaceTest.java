package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;
import static vkernel.guest.vm.Machine.SHARED;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.kern.Errno;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** Mappings: where they go, how they split and merge, what is refused. */
class AddressSpaceTest {
    private final Machine machine = new Machine(4 << 20, new byte[0]);
    private final Task task = machine.process();
    private final AddressSpace space = task.memory();

    @AfterEach
    void everythingIsGivenBack() {
        machine.check();
        machine.end(task);
        machine.check();
        assertThat(machine.vm.stats().free()).isEqualTo((4 << 20) - PAGE);
        machine.close();
    }

    @Test
    void mappingsAreStackedDownFromTheTop() {
        space.mmapTop = 0x7000_0000;
        assertThat(machine.map(task, PAGE, RW, PRIVATE)).isEqualTo(0x7000_0000 - PAGE);
        assertThat(machine.map(task, 3 * PAGE - 5, Vma.READ, PRIVATE)).isEqualTo(0x7000_0000 - 4 * PAGE);
        assertThat(space.count()).isEqualTo(2);
    }

    @Test
    void aGapThatIsBigEnoughIsUsedAgain() {
        long a = machine.map(task, 8 * PAGE, RW, PRIVATE);
        assertThat(machine.vm.unmap(space, a + 2 * PAGE, 3 * PAGE)).isZero();
        assertThat(machine.map(task, 4 * PAGE, Vma.READ, PRIVATE)).isEqualTo(a - 4 * PAGE);
        assertThat(machine.map(task, 3 * PAGE, Vma.READ, PRIVATE)).isEqualTo(a + 2 * PAGE);
    }

    @Test
    void aHintIsFollowedWhenNothingIsThere() {
        assertThat(machine.vm.map(space, 0x10_0000, PAGE, RW, PRIVATE, null, 0)).isEqualTo(0x10_0000);
        assertThat(machine.vm.map(space, 0x10_0fff, PAGE, RW, PRIVATE, null, 0)).isNotEqualTo(0x10_0000);
        assertThat(machine.vm.map(space, 5, PAGE, RW, PRIVATE, null, 0)).isEqualTo(AddressSpace.END - 3 * PAGE);
    }

    @Test
    void neighboursThatAreAlikeBecomeOne() {
        machine.vm.map(space, 0x10_0000, PAGE, RW, PRIVATE, null, 0);
        machine.vm.map(space, 0x10_2000, PAGE, RW, PRIVATE, null, 0);
        machine.vm.map(space, 0x10_1000, PAGE, RW, PRIVATE, null, 0);
        assertThat(space.count()).isEqualTo(1);
        assertThat(machine.vm.protect(space, 0x10_1000, PAGE, Vma.READ)).isZero();
        assertThat(space.count()).isEqualTo(3);
        assertThat(machine.vm.protect(space, 0x10_1000, PAGE, RW)).isZero();
        assertThat(space.count()).isEqualTo(1);
    }

    @Test
    void aFixedMappingReplacesWhatWasThere() {
        long a = machine.map(task, 3 * PAGE, RW, PRIVATE);
        machine.write(task, a + PAGE, new byte[] {7});
        assertThat(machine.vm.map(space, a + PAGE, PAGE, RW, PRIVATE | Vm.MAP_FIXED_NOREPLACE, null, 0))
                .isEqualTo(-Errno.EEXIST);
        assertThat(machine.vm.map(space, a + PAGE, PAGE, RW, PRIVATE | Vm.MAP_FIXED, null, 0))
                .isEqualTo(a + PAGE);
        assertThat(machine.read(task, a + PAGE, 1)).containsExactly(0);
    }

    @Test
    void badArgumentsAreRefusedAsOnLinux() {
        assertThat(machine.map(task, 0, RW, PRIVATE)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.map(task, PAGE, RW, Vm.MAP_ANONYMOUS)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.map(task, -1, RW, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.map(task, Long.MIN_VALUE, RW, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.map(task, AddressSpace.END, 0, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        assertThat(fixed(1)).isEqualTo(-Errno.EINVAL);
        assertThat(fixed(AddressSpace.END)).isEqualTo(-Errno.ENOMEM);
        assertThat(fixed(-PAGE)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.vm.unmap(space, 1, PAGE)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.vm.unmap(space, 0, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.vm.unmap(space, -PAGE, PAGE)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.vm.unmap(space, PAGE, -PAGE)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.vm.protect(space, 0x10_0000, PAGE, RW)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.vm.protect(space, 0x10_0000, PAGE, 0x40)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.vm.remap(space, 0x10_0000, PAGE, PAGE * 2, 1, 0)).isEqualTo(-Errno.EFAULT);
        assertThat(machine.vm.advise(space, 0x10_0000, PAGE, 4)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.vm.advise(space, 0x10_0000, PAGE, 99)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.vm.advise(space, 0x10_0000, -1, 4)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.vm.sync(space, 0x10_0000, PAGE, 5)).isEqualTo(-Errno.EINVAL);
    }

    private long fixed(long at) {
        return machine.vm.map(space, at, PAGE, RW, PRIVATE | Vm.MAP_FIXED, null, 0);
    }

    @Test
    void onlyTheSuperuserMapsTheLowestPages() {
        machine.kernel.current = task;
        assertThat(fixed(0)).isZero();
        assertThat(machine.vm.unmap(space, 0, PAGE)).isZero();
        task.credentials = new Credentials(1, 1, 1, 1, 1, 1, 1, 1, java.util.List.of());
        assertThat(fixed(0)).isEqualTo(-Errno.EPERM);
    }

    @Test
    void limitsOfTheProcessAreKept() {
        machine.kernel.current = task;
        task.process.softLimits[Limits.AS] = 10 * PAGE;
        task.process.softLimits[Limits.DATA] = 4 * PAGE;
        assertThat(machine.map(task, 11 * PAGE, 0, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.map(task, 5 * PAGE, RW, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        long a = machine.map(task, 5 * PAGE, Vma.READ, PRIVATE);
        assertThat(a).isPositive();
        assertThat(machine.vm.protect(space, a, 5 * PAGE, RW)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.map(task, 6 * PAGE, 0, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.vm.remap(space, a, 5 * PAGE, 11 * PAGE, 1, 0)).isEqualTo(-Errno.ENOMEM);
    }

    @Test
    void moreThanAllMemoryIsRefusedUnlessItIsOnlyReserved() {
        assertThat(machine.map(task, 5 << 20, RW, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.map(task, 5 << 20, RW, SHARED)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.map(task, 1L << 40, RW, PRIVATE | Vm.MAP_NORESERVE)).isPositive();
        long a = machine.map(task, 1L << 40, 0, PRIVATE);
        assertThat(a).isPositive();
        assertThat(machine.vm.protect(space, a, 5 << 20, RW)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.vm.protect(space, a, 2 << 20, RW)).isZero();
    }

    @Test
    void tooManyRangesAreRefused() {
        for (int i = 0; i < Quota.MAX_RANGES; i++) {
            long at = 0x10_0000 + (long) i * PAGE;
            int protection = i % 2 == 0 ? Vma.READ : 0;
            assertThat(machine.vm.map(space, at, PAGE, protection, PRIVATE, null, 0))
                    .isEqualTo(at);
        }
        assertThat(machine.map(task, PAGE, RW, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.vm.unmap(space, 0, AddressSpace.END)).isZero();
    }

    @Test
    void theHeapGrowsAndShrinks() {
        space.brkStart = 0x20_0123;
        space.brk = space.brkStart;
        long limit = Limits.INFINITY;
        assertThat(machine.vm.brk(space, 0, limit)).isEqualTo(0x20_0123);
        assertThat(machine.vm.brk(space, 0x20_5001, limit)).isEqualTo(0x20_5001);
        assertThat(machine.write(task, 0x20_5000, new byte[] {1})).isTrue();
        assertThat(machine.vm.brk(space, 0x20_9000, limit)).isEqualTo(0x20_9000);
        assertThat(space.count()).isEqualTo(1);
        assertThat(space.vma(0).name).isEqualTo("[heap]");
        assertThat(machine.vm.brk(space, 0x20_5000, limit)).isEqualTo(0x20_5000);
        assertThat(machine.write(task, 0x20_5000, new byte[] {1})).isFalse();
        assertThat(machine.vm.brk(space, 0x20_6000, limit)).isEqualTo(0x20_6000);
        assertThat(machine.read(task, 0x20_5000, 1)).containsExactly(0);
        assertThat(machine.vm.brk(space, 0x30_0000, 0x1000)).isEqualTo(0x20_6000);
        machine.vm.map(space, 0x20_8000, PAGE, RW, PRIVATE | Vm.MAP_FIXED, null, 0);
        assertThat(machine.vm.brk(space, 0x20_9000, limit)).isEqualTo(0x20_6000);
        assertThat(machine.vm.brk(space, -1, limit)).isEqualTo(0x20_6000);
    }
}
