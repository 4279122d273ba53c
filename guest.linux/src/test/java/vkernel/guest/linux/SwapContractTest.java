package vkernel.guest.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.linux.FakeMemory.BASE;

import vkernel.abi.AbiState;
import vkernel.guest.linux.table.Names;
import vkernel.kern.Kernel;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;
import vkernel.task.Registers;
import vkernel.task.Task;

class SwapContractTest extends SwapContract<AbiState> {
    private final FakeKernel kernel = new FakeKernel();
    private final Task waiter = kernel.task();
    private final Task waker = kernel.task();
    private Linux linux = new Linux(kernel.kernel());

    private long call(Task task, String name, long... args) {
        task.regs[Registers.A7] = Names.number(name);
        System.arraycopy(args, 0, task.regs, Registers.A0, args.length);
        return linux.syscall(task);
    }

    @Override
    protected Swappable<AbiState> inService() {
        waker.memory = waiter.memory;
        kernel.memory.putLong(BASE + 64 + 16, 3);
        assertThat(call(waiter, "setitimer", 0, BASE + 64, 0)).isZero();
        assertThat(call(waiter, "futex", BASE, 0, 0)).isEqualTo(Kernel.BLOCKED);
        return linux;
    }

    @Override
    protected Swappable<AbiState> another() {
        return new Linux(kernel.kernel());
    }

    @Override
    protected void fill(Swappable<AbiState> provider) {
        linux = (Linux) provider;
    }

    @Override
    protected void goOn() {
        assertThat(call(waker, "futex", BASE, 1, 1)).isEqualTo(1);
        assertThat(call(waiter, "futex", BASE, 0, 0)).isZero();
        assertThat(waiter.process.itimers[0].timer.deadline()).isEqualTo(kernel.now + 3_000_000_000L);
    }
}
