package vkernel.guest.kern;

import org.jspecify.annotations.Nullable;
import vkernel.task.Process;
import vkernel.task.Restart;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.SigQueue;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Sends signals (Linux: kernel/signal.c, send_signal). Kernel lock held. Who may send is checked by the ABI. */
final class Signals {
    private final EventKernel kernel;

    Signals(EventKernel kernel) {
        this.kernel = kernel;
    }

    void send(Process process, SigInfo info) {
        Task any = process.leader();
        if (process.zombie || any == null || !prepare(process, any, info)) {
            return;
        }
        if (info.signal() == Signal.SIGKILL) {
            kernel.exits.exitGroup(process, Signal.SIGKILL);
            return;
        }
        if (process.pending.add(info)) {
            kernel.wake(any.handlers.news);
            Task taker = taker(process, info.signal());
            if (taker != null) {
                notify(taker);
            }
        }
    }

    void send(Task task, SigInfo info) {
        if (task.state == Task.State.DEAD || !prepare(task.process, task, info)) {
            return;
        }
        if (info.signal() == Signal.SIGKILL) {
            kernel.exits.exitGroup(task.process, Signal.SIGKILL);
            return;
        }
        if (task.pending.add(info)) {
            kernel.wake(task.handlers.news);
            if ((task.sigMask & Signal.bit(info.signal())) == 0) {
                notify(task);
            }
        }
    }

    /** A fault: cannot be blocked or ignored; if it is, the default action ends the process. */
    void force(Task task, SigInfo info) {
        SigAction action = task.handlers.get(info.signal());
        boolean blocked = (task.sigMask & Signal.bit(info.signal())) != 0;
        if (task.tracing != null) {
            if (blocked || action.handler() == SigAction.IGNORE) {
                task.handlers.set(info.signal(), SigAction.NONE);
                task.sigMask &= ~Signal.bit(info.signal());
            }
            task.pending.add(info);
            notify(task);
            return;
        }
        if (blocked || action.handler() == SigAction.IGNORE || action.handler() == SigAction.DEFAULT) {
            kernel.exits.exitGroup(task.process, info.signal());
            return;
        }
        task.pending.add(info);
        notify(task);
    }

    void sendGroup(int pgid, SigInfo info) {
        for (Process process : kernel.processes.group(pgid)) {
            send(process, info);
        }
    }

    /** Stop and continue work when they are sent; what is ignored is dropped. @return whether to go on */
    private boolean prepare(Process process, Task task, SigInfo info) {
        int signal = info.signal();
        if (signal == Signal.SIGCONT) {
            removePending(process, Signal.STOPS);
            resume(process);
        } else if ((Signal.bit(signal) & Signal.STOPS) != 0) {
            removePending(process, Signal.bit(Signal.SIGCONT));
        }
        return !ignored(task, info);
    }

    private boolean ignored(Task task, SigInfo info) {
        if ((task.sigMask & Signal.bit(info.signal())) != 0 || task.tracing != null) {
            return false;
        }
        SigAction action = task.handlers.get(info.signal());
        if (action.handler() == SigAction.IGNORE) {
            return true;
        }
        if (action.handler() != SigAction.DEFAULT) {
            return false;
        }
        Signal.Default byDefault = Signal.defaultAction(info.signal());
        return byDefault == Signal.Default.IGNORE || byDefault == Signal.Default.CONTINUE || immune(task.process, info);
    }

    /** Process 1 gets no signal that it has no handler for (kill(2), notes), so that nobody ends it by accident. */
    boolean immune(Process process, SigInfo info) {
        return process.pid == 1;
    }

    private static void removePending(Process process, long mask) {
        process.pending.remove(mask);
        for (Task thread : process.threads) {
            thread.pending.remove(mask);
        }
    }

    private static @Nullable Task taker(Process process, int signal) {
        for (Task thread : process.threads) {
            if ((thread.sigMask & Signal.bit(signal)) == 0 && thread.state != Task.State.DEAD) {
                return thread;
            }
        }
        return null;
    }

    /** Brings a task to the point where it takes its signals. */
    void notify(Task task) {
        switch (task.state) {
            case BLOCKED -> {
                if (task.killed || task.restart.onSignal != Restart.OnSignal.KILL_ONLY) {
                    kernel.dispatcher.makeRunnable(task, true);
                }
            }
            case RUNNING -> {
                if (task != kernel.current) {
                    kernel.harts.interrupt(task);
                }
            }
            case STOPPED -> {
                if (task.killed) {
                    kernel.dispatcher.makeRunnable(task, true);
                }
            }
            case RUNNABLE, DEAD -> {}
        }
    }

    /** Stops a whole process: each thread when it next comes by. */
    void stop(Process process, int signal) {
        if (process.stopSignal != 0 || process.exiting) {
            return;
        }
        process.stopSignal = signal;
        process.stopNews = true;
        process.continueNews = false;
        for (Task thread : process.threads) {
            if (thread.state == Task.State.RUNNING && thread != kernel.current) {
                kernel.harts.interrupt(thread);
            }
        }
        tellParent(process, SigInfo.CLD_STOPPED, signal);
    }

    private void resume(Process process) {
        if (process.stopSignal == 0) {
            return;
        }
        process.stopSignal = 0;
        process.stopNews = false;
        process.continueNews = true;
        for (Task thread : process.threads) {
            if (thread.tracing != null && thread.tracing.stop != 0) {
                kernel.ptrace.continued(thread, thread.tracing);
            } else if (thread.state == Task.State.STOPPED) {
                kernel.dispatcher.makeRunnable(thread, true);
            }
        }
        tellParent(process, SigInfo.CLD_CONTINUED, Signal.SIGCONT);
    }

    private void tellParent(Process process, int code, int status) {
        Process parent = process.parent;
        Task parentTask = parent == null ? null : parent.leader();
        if (parent == null || parentTask == null) {
            return;
        }
        SigAction action = parentTask.handlers.get(Signal.SIGCHLD);
        if (!action.has(SigAction.SA_NOCLDSTOP)) {
            send(parent, new SigInfo(Signal.SIGCHLD, code, process.pid, uid(process), status, 0));
        }
        kernel.wake(parent.childNews);
    }

    static int uid(Process process) {
        Task leader = process.leader();
        return leader == null ? 0 : leader.credentials.uid();
    }

    /** After a change of mask: a signal for the process may now be taken by another thread. */
    void recheck(Task task) {
        SigQueue shared = task.process.pending;
        for (long left = shared.set() & task.sigMask; left != 0; left &= left - 1) {
            Task other = taker(task.process, Long.numberOfTrailingZeros(left) + 1);
            if (other != null && other != task) {
                notify(other);
            }
        }
    }
}
