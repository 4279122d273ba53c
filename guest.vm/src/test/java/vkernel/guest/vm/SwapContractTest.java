package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;
import static vkernel.guest.vm.Machine.SHARED;

import org.junit.jupiter.api.AfterEach;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;
import vkernel.task.Task;
import vkernel.vm.Vm;
import vkernel.vm.VmState;

class SwapContractTest extends SwapContract<VmState> {
    private final Machine machine = new Machine(2 << 20, new byte[0]);
    private final Task task = machine.process();
    private final long secret = machine.map(task, 2 * PAGE, RW, PRIVATE);
    private final long shared = machine.map(task, PAGE, RW, SHARED);

    @AfterEach
    void close() {
        machine.close();
    }

    @Override
    protected Swappable<VmState> inService() {
        machine.store(task, secret, 5);
        machine.store(task, shared, 6);
        return machine.vm;
    }

    @Override
    protected Swappable<VmState> another() {
        return new DemandPaging(machine.host, machine.kernel.kernel);
    }

    @Override
    protected void fill(Swappable<VmState> provider) {
        machine.vm = (DemandPaging) provider;
    }

    @Override
    protected void goOn() {
        expect(secret, 5);
        expect(shared, 6);
        machine.store(task, secret + PAGE, 7);
        expect(secret + PAGE, 7);
        assertThat(machine.process().memory().id).isNotEqualTo(task.memory().id);
        machine.check();
    }

    private void expect(long va, long value) {
        long[] loaded = new long[1];
        assertThat(machine.load(task, va, loaded)).isEqualTo(Vm.FAULT_DONE);
        assertThat(loaded[0]).isEqualTo(value);
    }
}
