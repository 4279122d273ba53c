package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;

import org.junit.jupiter.api.Test;
import vkernel.kern.StateRejected;
import vkernel.task.Task;
import vkernel.vm.Vm;
import vkernel.vm.VmState;

class SwapTest {
    @Test
    void aSuccessorGoesOnWhereTheOldOneStopped() throws Exception {
        try (Machine machine = new Machine(2 << 20, new byte[0])) {
            Task task = machine.process();
            long a = machine.map(task, 2 * PAGE, RW, PRIVATE);
            machine.store(task, a, 5);
            DemandPaging old = machine.vm;
            machine.swap();
            assertThatThrownBy(old::create).isInstanceOf(IllegalStateException.class);
            long[] value = new long[1];
            assertThat(machine.load(task, a, value)).isEqualTo(Vm.FAULT_DONE);
            assertThat(value[0]).isEqualTo(5);
            assertThat(machine.process().memory().id).isNotEqualTo(task.memory().id);
            machine.check();
        }
    }

    @Test
    void theStateOfAnotherMachineIsRejected() {
        try (Machine machine = new Machine(2 << 20, new byte[0]);
                Machine other = new Machine(4 << 20, new byte[0])) {
            VmState state = other.vm.release();
            assertThatThrownBy(() -> machine.vm.adopt(state)).isInstanceOf(StateRejected.class);
            assertThat(machine.process()).isNotNull();
            machine.check();
        }
    }
}
