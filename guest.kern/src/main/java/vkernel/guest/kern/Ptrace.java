package vkernel.guest.kern;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Errno;
import vkernel.task.CloneArgs;
import vkernel.task.Process;
import vkernel.task.Registers;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.task.Tracing;

/**
 * When a traced task stops, and how it goes on (ptrace(2); Linux: kernel/ptrace.c, ptrace_stop in kernel/signal.c).
 * Kernel lock held. All state is in {@link Tracing}.
 */
final class Ptrace {
    /** What a0 shows where a signal has interrupted a call (ERESTARTSYS). */
    private static final int RESTARTS = 512;

    private static final int SYSCALL = 0x80;
    /** Most ends that a tracer has not been told of. */
    private static final int MOST_ENDS = 4096;

    private final EventKernel kernel;

    Ptrace(EventKernel kernel) {
        this.kernel = kernel;
    }

    // --- attaching --------------------------------------------------------------------------------------------------

    void attach(Task task, Process tracer, boolean seized) {
        task.tracing = new Tracing(tracer, seized);
        tracer.tracees.add(task);
    }

    void detach(Task task, int signal) {
        Tracing tracing = task.tracing;
        if (tracing == null) {
            return;
        }
        if (tracing.stop != 0) {
            resume(task, signal);
        }
        if (tracing.held != null) {
            task.pending.add(tracing.held);
        }
        if (tracing.through != null) {
            task.pending.add(tracing.through);
        }
        tracing.tracer.tracees.remove(task);
        task.tracing = null;
    }

    /** A tracer has ended: nobody waits for what it traced. */
    void tracerEnded(Process tracer) {
        for (Task task : List.copyOf(tracer.tracees)) {
            Tracing tracing = task.tracing;
            boolean kills = tracing != null && (tracing.options & Tracing.EXITKILL) != 0;
            detach(task, 0);
            if (kills) {
                kernel.exits.exitGroup(task.process, Signal.SIGKILL);
            }
        }
        tracer.tracedEnds.clear();
    }

    /** A traced task has made another: if the tracer asked for it, that is traced too, and both stop. */
    void cloned(Task parent, Task child, CloneArgs args) {
        Tracing tracing = parent.tracing;
        if (tracing == null || args.has(CloneArgs.CLONE_UNTRACED)) {
            return;
        }
        int event = args.has(CloneArgs.CLONE_VFORK)
                ? Tracing.EVENT_VFORK
                : args.exitSignal() != Signal.SIGCHLD ? Tracing.EVENT_CLONE : Tracing.EVENT_FORK;
        if (!tracing.wants(event)) {
            return;
        }
        attach(child, tracing.tracer, tracing.seized);
        Tracing its = child.tracing;
        if (its != null) {
            its.options = tracing.options;
            its.event = tracing.seized ? Tracing.EVENT_STOP : 0;
        }
        if (!tracing.seized) {
            child.pending.add(SigInfo.kernel(Signal.SIGSTOP));
        }
        tracing.event = event;
        tracing.message = child.tid;
    }

    /** A thread has ended: a tracer that is not going to hear of it as a parent is told. */
    void ended(Task task, int tid, int status) {
        Tracing tracing = task.tracing;
        if (tracing != null) {
            Process tracer = tracing.tracer;
            if (tracer.tracedEnds.size() >= MOST_ENDS) {
                tracer.tracedEnds.removeFirst(); // a tracer that never waits
            }
            tracer.tracedEnds.add(new Tracing.End(tid, status, task.credentials.uid()));
            int signal = status & 0x7f;
            tell(
                    tracer,
                    tid,
                    signal == 0 ? SigInfo.CLD_EXITED : SigInfo.CLD_KILLED,
                    signal == 0 ? status >> 8 : signal);
        }
    }

    /** The task is no longer anybody's. */
    void forget(Task task) {
        if (task.tracing != null) {
            task.tracing.tracer.tracees.remove(task);
            task.tracing = null;
        }
    }

    // --- stopping ---------------------------------------------------------------------------------------------------

    /** At a system call. @return whether it is not to be made now: the task has stopped, or the tracer has taken it away */
    boolean atEntry(Task task) {
        Tracing tracing = task.tracing;
        if (tracing == null) {
            return false;
        }
        tracing.proceed = false;
        if (tracing.entered || !tracing.calls) {
            return false;
        }
        tracing.entered = true;
        show(task, tracing, -Errno.ENOSYS);
        stopForCall(task, tracing, Tracing.ENTRY);
        return true;
    }

    private static void show(Task task, Tracing tracing, long result) {
        tracing.shown = true;
        tracing.firstArgument = task.regs[Registers.A0];
        task.regs[Registers.A0] = result;
        task.regs[Registers.PC] += 4;
    }

    /** A system call is over. */
    void completed(Task task) {
        Tracing tracing = task.tracing;
        if (tracing != null && tracing.entered) {
            tracing.entered = false;
            tracing.exitDue = tracing.calls;
        }
    }

    /** Whether the task must not sleep, because there is something to stop for. */
    boolean due(Task task) {
        return task.tracing != null && task.tracing.event != 0;
    }

    /** Whether a call under way is to be made before any signal is looked at. */
    boolean callFirst(Task task) {
        Tracing tracing = task.tracing;
        if (tracing == null) {
            return task.restart.active;
        }
        boolean signal = tracing.held != null || tracing.through != null;
        return tracing.proceed || task.restart.active && !signal;
    }

    /** On the way to user mode. @return whether the task has stopped */
    boolean stops(Task task) {
        Tracing tracing = task.tracing;
        if (tracing == null) {
            return false;
        }
        if (tracing.event != 0) {
            int event = tracing.event;
            tracing.event = 0;
            int group = task.process.stopSignal;
            int signal = event == Tracing.EVENT_STOP && group != 0 ? group : Signal.SIGTRAP;
            stop(task, tracing, signal | event << 8, SigInfo.kernel(Signal.SIGTRAP));
            return true;
        }
        if (tracing.exitDue) {
            tracing.exitDue = false;
            stopForCall(task, tracing, Tracing.EXIT);
            return true;
        }
        return stopsWithProcess(task, tracing);
    }

    private boolean stopsWithProcess(Task task, Tracing tracing) {
        int signal = task.process.stopSignal;
        if (signal == 0) {
            tracing.groupStopSeen = false;
            return false;
        }
        if (tracing.groupStopSeen) {
            return false;
        }
        tracing.groupStopSeen = true;
        if (tracing.seized) {
            stop(task, tracing, signal | Tracing.EVENT_STOP << 8, SigInfo.kernel(Signal.SIGTRAP));
        } else {
            stop(task, tracing, signal, null);
        }
        return true;
    }

    /** Whether a stop of the whole process is the tracer's to end for this task. */
    boolean runsInGroupStop(Task task) {
        return task.tracing != null && task.tracing.groupStopSeen;
    }

    /** A task is about to end. @return whether it has stopped for that */
    boolean stopsForEnd(Task task) {
        Tracing tracing = task.tracing;
        boolean bySignal = (task.process.exitStatus & 0x7f) == Signal.SIGKILL;
        if (tracing == null || tracing.exitSeen || bySignal || !tracing.wants(Tracing.EVENT_EXIT)) {
            return false;
        }
        tracing.exitSeen = true;
        tracing.message = task.process.exitStatus;
        stop(task, tracing, Signal.SIGTRAP | Tracing.EVENT_EXIT << 8, SigInfo.kernel(Signal.SIGTRAP));
        return true;
    }

    /** What the tracer has let through; null for none. */
    @Nullable
    SigInfo through(Task task) {
        Tracing tracing = task.tracing;
        if (tracing == null || tracing.through == null) {
            return null;
        }
        SigInfo info = tracing.through;
        tracing.through = null;
        return info;
    }

    /** A signal whose stop is still due; null for none. */
    @Nullable
    SigInfo held(Task task) {
        Tracing tracing = task.tracing;
        if (tracing == null) {
            return null;
        }
        SigInfo info = tracing.held;
        tracing.held = null;
        return info;
    }

    /** A signal has been taken for delivery. @return whether the task has stopped for it */
    boolean intercepts(Task task, SigInfo info) {
        Tracing tracing = task.tracing;
        if (tracing == null || info.signal() == Signal.SIGKILL) {
            return false;
        }
        if (task.restart.active && tracing.entered && tracing.calls) {
            tracing.held = info;
            tracing.entered = false;
            show(task, tracing, -RESTARTS);
            stopForCall(task, tracing, Tracing.EXIT);
            return true;
        }
        stop(task, tracing, info.signal(), info);
        tracing.delivering = true;
        return true;
    }

    private void stopForCall(Task task, Tracing tracing, int message) {
        int code = (tracing.options & Tracing.SYSGOOD) != 0 ? Signal.SIGTRAP | SYSCALL : Signal.SIGTRAP;
        tracing.message = message;
        int uid = task.credentials.uid();
        stop(task, tracing, code, new SigInfo(Signal.SIGTRAP, code, task.tid, uid, 0, 0));
    }

    private void stop(Task task, Tracing tracing, int code, @Nullable SigInfo info) {
        tracing.stop = code;
        tracing.news = true;
        tracing.info = info;
        tracing.delivering = false;
        task.stopWaiting();
        task.state = Task.State.STOPPED;
        tell(tracing.tracer, task.tid, SigInfo.CLD_TRAPPED, code & 0x7f);
    }

    private void tell(Process tracer, int tid, int code, int status) {
        Task leader = tracer.leader();
        if (leader == null) {
            return;
        }
        boolean unwanted = code == SigInfo.CLD_TRAPPED
                && leader.handlers.get(Signal.SIGCHLD).has(SigAction.SA_NOCLDSTOP);
        if (!unwanted) {
            kernel.signals.send(tracer, new SigInfo(Signal.SIGCHLD, code, tid, 0, status, 0));
        }
        kernel.wake(tracer.childNews);
    }

    // --- going on ---------------------------------------------------------------------------------------------------

    void resume(Task task, int signal) {
        Tracing tracing = task.tracing;
        if (tracing == null || tracing.stop == 0) {
            return;
        }
        leaveCall(task, tracing);
        SigInfo was = tracing.info;
        boolean delivering = tracing.delivering;
        boolean atCall = (tracing.stop & ~SYSCALL) == Signal.SIGTRAP && !delivering;
        tracing.stop = 0;
        tracing.listening = false;
        tracing.continued = false;
        tracing.news = false;
        tracing.info = null;
        tracing.delivering = false;
        SigInfo user = SigInfo.user(signal, tracing.tracer.pid, 0);
        if (signal != 0 && delivering) {
            tracing.through = was != null && was.signal() == signal ? was : user;
        } else if (signal != 0 && atCall) {
            kernel.signals.send(task, user);
        }
        if (task.state == Task.State.STOPPED) {
            kernel.dispatcher.makeRunnable(task, true);
        }
    }

    /** The stop of a task's whole process has ended; the task itself is stopped for its tracer. */
    void continued(Task task, Tracing tracing) {
        tracing.continued = tracing.seized && tracing.stop >> 8 == Tracing.EVENT_STOP;
        if (tracing.listening) {
            listen(task, tracing);
        }
    }

    /** PTRACE_LISTEN: there is a new stop as soon as there is something to tell. */
    void listen(Task task, Tracing tracing) {
        tracing.listening = !tracing.continued;
        if (tracing.continued) {
            resume(task, 0);
            tracing.event = Tracing.EVENT_STOP;
        }
    }

    /** The registers become those that the call is made with, unless the tracer has taken the call away. */
    private static void leaveCall(Task task, Tracing tracing) {
        if (!tracing.shown) {
            return;
        }
        tracing.shown = false;
        boolean entry = tracing.message == Tracing.ENTRY;
        if (entry && task.regs[Registers.A7] < 0) {
            tracing.entered = false;
            tracing.exitDue = tracing.calls;
            return;
        }
        tracing.proceed = entry;
        task.regs[Registers.A0] = tracing.firstArgument;
        task.regs[Registers.PC] -= 4;
    }

    void interrupt(Task task) {
        if (task.state == Task.State.BLOCKED) {
            kernel.dispatcher.makeRunnable(task, true);
        } else if (task.state == Task.State.RUNNING && task != kernel.current) {
            kernel.harts.interrupt(task);
        } else if (task.state == Task.State.STOPPED && task.tracing != null && task.tracing.stop == 0) {
            kernel.dispatcher.makeRunnable(task, true);
        }
    }
}
