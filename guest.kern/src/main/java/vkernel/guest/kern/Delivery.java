package vkernel.guest.kern;

import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Registers;
import vkernel.task.Restart;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Takes pending signals on the way back to user mode (Linux: kernel/signal.c, get_signal). Kernel lock held. */
final class Delivery {
    private final EventKernel kernel;

    Delivery(EventKernel kernel) {
        this.kernel = kernel;
    }

    /** Whether a signal would be delivered to the task now. */
    boolean pending(Task task) {
        return ((task.pending.set() | task.process.pending.set()) & ~task.sigMask) != 0;
    }

    /** Whether a task that is about to block must not. */
    boolean interrupts(Task task) {
        if (task.killed) {
            return true;
        }
        return task.restart.onSignal != Restart.OnSignal.KILL_ONLY && pending(task);
    }

    /** @return whether the task goes on to user mode */
    boolean returnToUser(Task task) {
        while (true) {
            if (task.killed) {
                if (!kernel.ptrace.stopsForEnd(task)) {
                    kernel.exits.exit(task, task.process.exitStatus);
                }
                return false;
            }
            if (kernel.ptrace.stops(task)) {
                return false;
            }
            if (task.process.stopSignal != 0 && !kernel.ptrace.runsInGroupStop(task)) {
                task.stopWaiting();
                task.state = Task.State.STOPPED;
                return false;
            }
            SigInfo through = kernel.ptrace.through(task);
            if (through != null) {
                act(task, through);
                continue;
            }
            boolean waitsForKill = task.restart.active && task.restart.onSignal == Restart.OnSignal.KILL_ONLY;
            SigInfo held = kernel.ptrace.held(task);
            SigInfo info = held != null ? held : waitsForKill || !pending(task) ? null : take(task);
            if (info == null) {
                return true;
            }
            if (kernel.ptrace.intercepts(task, info)) {
                return false;
            }
            try {
                act(task, info);
            } catch (RuntimeException | Error e) {
                task.pending.add(info); // for when it can be tried again
                throw e;
            }
        }
    }

    private SigInfo take(Task task) {
        SigInfo info = task.pending.take(task.sigMask);
        return info != null ? info : task.process.pending.take(task.sigMask);
    }

    private void act(Task task, SigInfo info) {
        SigAction action = task.handlers.get(info.signal());
        if (action.handler() == SigAction.IGNORE) {
            return;
        }
        if (action.handler() != SigAction.DEFAULT) {
            handler(task, info, action);
            return;
        }
        switch (Signal.defaultAction(info.signal())) {
            case IGNORE, CONTINUE -> {}
            case STOP -> stop(task.process, info.signal());
            case TERMINATE, CORE -> {
                if (!kernel.signals.immune(task.process, info)) {
                    kernel.exits.exitGroup(task.process, info.signal());
                }
            }
        }
    }

    private void handler(Task task, SigInfo info, SigAction action) {
        if (task.restart.active) {
            long result = kernel.abi().interrupted(task, action.has(SigAction.SA_RESTART));
            if (result != Kernel.BLOCKED) {
                task.regs[Registers.A0] = result;
                task.regs[Registers.PC] += 4;
            }
        }
        if (!kernel.abi().deliver(task, info, action)) {
            // the frame could not be written: SIGSEGV, fatal if that was what should be delivered
            if (info.signal() == Signal.SIGSEGV) {
                task.handlers.set(Signal.SIGSEGV, SigAction.NONE);
            }
            kernel.forceSignal(task, SigInfo.kernel(Signal.SIGSEGV));
        }
    }

    private void stop(Process process, int signal) {
        if (signal != Signal.SIGSTOP && kernel.family.orphanedGroup(process.pgid)) {
            return;
        }
        kernel.signals.stop(process, signal);
    }
}
