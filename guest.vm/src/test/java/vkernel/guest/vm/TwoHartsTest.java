package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import vkernel.host.MachineConfig;
import vkernel.host.contract.ScriptedEngine;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** User code runs on one hart while the kernel, on another, changes the memory under it. */
class TwoHartsTest {
    private static final int ROUNDS = 400;

    private final ReentrantLock kernelLock = new ReentrantLock();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Machine machine =
            new Machine(new MachineConfig(4 << 20, 2, MachineConfig.Time.REAL, 1, true, Map.of(), Map.of(), Map.of()));
    private final Task task = machine.process();
    private final AddressSpace space = task.memory();
    private final AddressSpace idle = machine.process().memory();
    private final long a = machine.map(task, 3 * PAGE, RW, PRIVATE);
    private final long b = a + 2 * PAGE;

    @Test
    void whatAHartWritesDuringForksIsNeverSeenByTheChildrenAndNeverLost() {
        beInUserMode();
        CompletableFuture<Long> user = CompletableFuture.supplyAsync(this::count);
        try {
            for (int i = 0; i < ROUNDS; i++) {
                beInUserMode();
                kernelLock.lock();
                try {
                    round(i);
                } finally {
                    kernelLock.unlock();
                }
            }
        } finally {
            stop.set(true);
        }
        long counted = user.join();
        assertThat(value(space, a)).isEqualTo(counted);
        assertThat(value(space, b)).isEqualTo(counted);
        machine.check();
        machine.close();
    }

    /** Hart 0 leaves its kernel for a moment, or the host could not tell a missing inval from one still to come. */
    private void beInUserMode() {
        Hart hart = machine.host.hart(0);
        hart.regs[Registers.PC] = 0;
        assertThat(machine.host.vmspaces().run(idle.id, hart, 1)).isEqualTo(Trap.SYSCALL);
    }

    /** A child's memory is of one moment; other changes pull pages from under the hart. */
    private void round(int i) {
        AddressSpace child = machine.vm.fork(space);
        assertThat(child).isNotNull();
        long first = value(child, a);
        long second = value(child, b);
        assertThat(first - second).isBetween(0L, 1L);
        machine.vm.protect(space, a + PAGE, PAGE, i % 2 == 0 ? Vma.READ : RW);
        machine.vm.advise(space, a + PAGE, PAGE, 4);
        assertThat(value(child, a)).isEqualTo(first);
        assertThat(value(child, b)).isEqualTo(second);
        machine.vm.drop(child);
    }

    private long value(AddressSpace of, long va) {
        byte[] bytes = new byte[Long.BYTES];
        assertThat(machine.vm.read(of, va, bytes, 0, bytes.length)).isTrue();
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** User code: counts in two pages, one after the other, and reads a third. */
    private long count() {
        Hart hart = machine.host.hart(1);
        long n = 0;
        while (!stop.get()) {
            n++;
            machine.engine.script(
                    1, ScriptedEngine.store(a, n), ScriptedEngine.load(a + PAGE), ScriptedEngine.store(b, n));
            hart.regs[Registers.PC] = 0;
            while (machine.host.vmspaces().run(space.id, hart, 1000) != Trap.SYSCALL) {
                repair(hart);
            }
        }
        return n;
    }

    private void repair(Hart hart) {
        kernelLock.lock();
        try {
            int access = (hart.trapAccess & Vma.WRITE) != 0 ? Vma.WRITE : Vma.READ;
            if (machine.vm.fault(task, hart.trapAddress, access) != Vm.FAULT_DONE) {
                throw new AssertionError("fault at " + Long.toHexString(hart.trapAddress));
            }
        } finally {
            kernelLock.unlock();
        }
    }
}
