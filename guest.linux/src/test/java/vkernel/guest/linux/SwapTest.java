package vkernel.guest.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.linux.FakeMemory.BASE;

import org.junit.jupiter.api.Test;
import vkernel.guest.linux.table.Names;
import vkernel.kern.Kernel;
import vkernel.kern.Timer;
import vkernel.task.IntervalTimer;
import vkernel.task.Registers;
import vkernel.task.Task;

/** Another provider of the ABI goes on where the old one was. */
class SwapTest {
    private final FakeKernel kernel = new FakeKernel();
    private final Linux old = new Linux(kernel.kernel());
    private final Linux successor = new Linux(kernel.kernel());

    private static long call(Linux linux, Task task, String name, long... args) {
        task.regs[Registers.A7] = Names.number(name);
        System.arraycopy(args, 0, task.regs, Registers.A0, args.length);
        return linux.syscall(task);
    }

    @Test
    void whoWaitsAtAFutexIsWokenByTheSuccessor() {
        Task waiter = kernel.task();
        Task waker = kernel.task();
        waker.memory = waiter.memory;
        assertThat(call(old, waiter, "futex", BASE, 0, 0)).isEqualTo(Kernel.BLOCKED);
        successor.adopt(old.release());
        assertThat(call(successor, waker, "futex", BASE, 1, 1)).isEqualTo(1);
        assertThat(call(successor, waiter, "futex", BASE, 0, 0)).isZero();
    }

    @Test
    void timersOfProcessesGoOn() {
        Task task = kernel.task();
        kernel.memory.putLong(BASE + 16, 3);
        assertThat(call(old, task, "setitimer", 0, BASE, 0)).isZero();
        IntervalTimer timer = task.process.itimers[0];
        Timer armed = timer.timer;
        successor.adopt(old.release());
        assertThat(armed.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(timer.timer).isNotSameAs(armed);
        assertThat(timer.timer.deadline()).isEqualTo(kernel.now + 3_000_000_000L);
    }
}
