package vkernel.guest.kern;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Trap;
import vkernel.kern.Kernel;
import vkernel.task.Registers;
import vkernel.task.Restart;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.vm.Vm;

/**
 * What becomes of a trap (Linux: arch/riscv/kernel/traps.c, entry.S). The kernel lock is held; a handler finishes or
 * blocks its task, it never waits. An exception in a handler is contained here: it costs the task its life, not the
 * kernel's.
 */
final class Traps {
    private static final Logger LOG = LoggerFactory.getLogger(Traps.class);

    private final EventKernel kernel;

    Traps(EventKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * On the way back to user mode: ends the task, stops it or sends it into a signal handler, as its signals want.
     *
     * @return whether it goes on to run; when not it is stopped or dead, or RUNNING if the kernel is to look elsewhere
     */
    boolean returnToUser(Task task) {
        try {
            return kernel.delivery.returnToUser(task);
        } catch (RuntimeException | Error e) {
            failed(task, e);
            return false;
        }
    }

    void handle(Task task, Hart hart, int trap) {
        switch (trap) {
            case Trap.SYSCALL -> syscall(task);
            case Trap.PAGE_MISSING, Trap.PAGE_PROTECTED -> fault(task, hart);
            case Trap.ILLEGAL -> force(task, Signal.SIGILL, SigInfo.ILL_ILLOPC, task.regs[Registers.PC]);
            case Trap.BREAKPOINT -> force(task, Signal.SIGTRAP, SigInfo.TRAP_BRKPT, task.regs[Registers.PC]);
            case Trap.MISALIGNED -> force(task, Signal.SIGBUS, SigInfo.BUS_ADRALN, hart.trapAddress);
            case Trap.BUDGET, Trap.INTERRUPT -> {}
            default -> throw new IllegalStateException("trap " + trap);
        }
    }

    /** Makes the call that the task's registers ask for, for the first time or once more. */
    void syscall(Task task) {
        kernel.stats.syscalls++;
        try {
            if (kernel.ptrace.atEntry(task)) {
                return;
            }
            long result = kernel.abi().syscall(task);
            if (result == Kernel.BLOCKED) {
                block(task);
                return;
            }
            kernel.ptrace.completed(task);
            if (result != Kernel.NO_RESULT) {
                task.regs[Registers.A0] = result;
                task.regs[Registers.PC] += 4;
            }
        } catch (RuntimeException | Error e) {
            failed(task, e);
        }
    }

    /** The handler has put the task on its queues: it sleeps unless there is news or a signal for it. */
    private void block(Task task) {
        Restart restart = task.restart;
        if (kernel.dispatcher.wokenInHandler(task) || kernel.delivery.interrupts(task) || kernel.ptrace.due(task)) {
            task.stopWaiting();
            return;
        }
        kernel.sleepers.sleep(task);
        task.state = Task.State.BLOCKED;
    }

    private void fault(Task task, Hart hart) {
        kernel.stats.faults++;
        long address = hart.trapAddress;
        int access = SharedTraps.access(hart);
        try {
            switch (kernel.vm().fault(task, address, access)) {
                case Vm.FAULT_DONE, Vm.FAULT_OOM -> {}
                case Vm.FAULT_WAIT -> block(task);
                case Vm.FAULT_UNMAPPED -> force(task, Signal.SIGSEGV, SigInfo.SEGV_MAPERR, address);
                case Vm.FAULT_DENIED -> force(task, Signal.SIGSEGV, SigInfo.SEGV_ACCERR, address);
                default -> force(task, Signal.SIGBUS, SigInfo.BUS_ADRERR, address);
            }
        } catch (RuntimeException | Error e) {
            failed(task, e);
        }
    }

    private void force(Task task, int signal, int code, long address) {
        kernel.forceSignal(task, SigInfo.fault(signal, code, address));
    }

    /**
     * A handler was torn out. When that is the fault of a provider on probation, its predecessor is back, and the task,
     * whose pc is where it was, simply tries again; otherwise it is an oops.
     */
    void failed(Task task, Throwable bug) {
        kernel.lock.unwind();
        boolean again = kernel.containment.contain("trap handler", bug, true)
                || !kernel.readiness.ready(); // a provider that has just gone is no bug
        if (again && task.state == Task.State.RUNNING) {
            task.stopWaiting();
            if (!task.restart.active) {
                task.restart.clear();
            }
            return;
        }
        oops(task, bug);
    }

    /** A bug of ours: the task pays for it, the kernel goes on. */
    private void oops(Task task, Throwable bug) {
        kernel.stats.oopses++;
        kernel.vacancies.failed(bug);
        LOG.error("oops {} in {}: registers {}", kernel.stats.oopses, task, registers(task), bug);
        task.stopWaiting();
        try {
            kernel.exits.exitGroup(task.process, Signal.SIGKILL);
            kernel.exits.exit(task, Signal.SIGKILL);
        } catch (RuntimeException | Error again) {
            LOG.error("oops: {} cannot even end", task, again);
            task.state = Task.State.DEAD;
        }
    }

    private static String registers(Task task) {
        return Arrays.stream(task.regs, 0, 32)
                .mapToObj(Long::toHexString)
                .toList()
                .toString();
    }
}
