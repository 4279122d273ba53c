package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;

class ForkTest {
    private final Machine machine = new Machine(2 << 20, new byte[0]);
    private final Task parent = machine.process();
    private final long[] value = new long[1];

    @AfterEach
    void everythingIsAccountedFor() {
        machine.check();
        machine.close();
    }

    private Task fork() {
        return machine.process(machine.vm.fork(parent.memory()));
    }

    private long load(Task task, long va) {
        assertThat(machine.load(task, va, value)).isEqualTo(Vm.FAULT_DONE);
        return value[0];
    }

    @Test
    void forkedChildSeesParentsPageUntilOneWrites() {
        long a = machine.map(parent, 3 * PAGE, RW, PRIVATE);
        machine.store(parent, a, 1);
        machine.store(parent, a + PAGE, 2);
        Task child = fork();
        machine.check();
        assertThat(machine.vm.stats().anonymous()).isEqualTo(2 * PAGE);
        machine.store(child, a, 10);
        machine.store(parent, a + PAGE, 20);
        assertThat(load(parent, a)).isEqualTo(1);
        assertThat(load(child, a)).isEqualTo(10);
        assertThat(load(parent, a + PAGE)).isEqualTo(20);
        assertThat(load(child, a + PAGE)).isEqualTo(2);
        assertThat(load(child, a + 2 * PAGE)).isZero();
    }

    @Test
    void aPageThatIsSharedNoMoreIsNotCopied() {
        long a = machine.map(parent, PAGE, RW, PRIVATE);
        machine.store(parent, a, 1);
        machine.end(fork());
        machine.store(parent, a, 2);
        assertThat(machine.vm.counters().copies).isZero();
        assertThat(machine.vm.counters().reuses).isEqualTo(1);
    }

    @Test
    void adviceForForkIsKept() {
        long a = machine.map(parent, 3 * PAGE, RW, PRIVATE);
        machine.store(parent, a, 1);
        machine.store(parent, a + PAGE, 2);
        machine.store(parent, a + 2 * PAGE, 3);
        assertThat(machine.vm.advise(parent.memory(), a, PAGE, 10)).isZero();
        assertThat(machine.vm.advise(parent.memory(), a + PAGE, PAGE, 18)).isZero();
        Task child = fork();
        assertThat(machine.load(child, a, value)).isEqualTo(Vm.FAULT_UNMAPPED);
        assertThat(load(child, a + PAGE)).isZero();
        assertThat(load(child, a + 2 * PAGE)).isEqualTo(3);
    }

    @Test
    void aForkWithoutMemoryFailsAndLeavesNothing() {
        for (int i = 0; i < 30; i++) {
            machine.vm.map(parent.memory(), (long) (i + 1) << 32, PAGE, RW, PRIVATE | Vm.MAP_POPULATE, null, 0);
        }
        AddressSpace child = machine.vm.fork(parent.memory());
        int forks = 0;
        while (child != null && forks < 100) {
            machine.process(child);
            forks++;
            child = machine.vm.fork(parent.memory());
        }
        assertThat(forks).isBetween(2, 20);
        machine.check();
        machine.store(parent, 1L << 32, 4);
        assertThat(load(parent, 1L << 32)).isEqualTo(4);
    }
}
