package vkernel.guest.kern;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Errno;
import vkernel.task.IntervalTimer;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** How tasks and processes end (Linux: kernel/exit.c). Not here: who is told ({@link Family}). Kernel lock held. */
final class Exits {
    private final EventKernel kernel;
    private final ProcessTable table;
    private final Family family;

    Exits(EventKernel kernel, Family family) {
        this.kernel = kernel;
        this.table = kernel.processes;
        this.family = family;
    }

    /** Asks every thread of a process to end; each does when it next comes by. */
    void exitGroup(Process process, int status) {
        if (process.exiting) {
            return;
        }
        process.exiting = true;
        process.exitStatus = status;
        process.stopSignal = 0;
        for (Task thread : List.copyOf(process.threads)) {
            kill(thread);
        }
    }

    private void kill(Task thread) {
        thread.killed = true;
        kernel.signals.notify(thread);
    }

    /** Ends a thread, on its hart or before it ever ran. */
    void exit(Task task, int status) {
        if (task.state == Task.State.DEAD) {
            return;
        }
        task.stopWaiting();
        if (task.sleepTimer != null) {
            task.sleepTimer.arm(Long.MAX_VALUE);
        }
        try {
            letGo(task);
        } catch (RuntimeException | Error e) {
            if (kernel.readiness.ready()) {
                // whoever waits for it must hear of its end, even when closing its files has met a bug
                end(task, status);
            } else {
                task.killed = true; // a provider has gone: it ends when there is another
            }
            throw e;
        }
        end(task, status);
    }

    private void end(Task task, int status) {
        Process process = task.process;
        task.state = Task.State.DEAD;
        if (task.client != null) {
            task.client.answer(-Errno.ESRCH);
        }
        process.userTime += task.userTime;
        process.systemTime += task.systemTime;
        process.minorFaults += task.minorFaults;
        process.majorFaults += task.majorFaults;
        if (process.threads.size() > 1 || !process.threads.contains(task)) {
            process.threads.remove(task);
            table.remove(task);
            if (task.tid != process.pid) {
                kernel.ptrace.ended(task, task.tid, status);
            }
            kernel.ptrace.forget(task);
            return;
        }
        if (!process.exiting) {
            process.exiting = true;
            process.exitStatus = status;
        }
        if (task.tid != process.pid) {
            kernel.ptrace.ended(task, task.tid, status);
        }
        if (task.tracing != null && task.tracing.tracer != process.parent) {
            kernel.ptrace.ended(task, process.pid, process.exitStatus);
        }
        kernel.ptrace.forget(task);
        kernel.ptrace.tracerEnded(process);
        endProcess(process, task);
    }

    private void letGo(Task task) {
        AddressSpace memory = task.memory;
        if (memory != null) {
            part(() -> kernel.abi().exiting(task));
            task.process.peakPages = Math.max(task.process.peakPages, memory.peakPages);
            task.memory = null;
            part(() -> kernel.vm().drop(memory));
        }
        releaseVforkParent(task);
        part(() -> kernel.vfs().drop(task, task.files));
    }

    /** Does a part of a thread's end; when a provider on probation breaks it, its predecessor goes on with it. */
    private void part(Runnable part) {
        while (true) {
            try {
                part.run();
                return;
            } catch (RuntimeException | Error e) {
                kernel.lock.unwind();
                if (!kernel.containment.contain("end of a task", e, false)) {
                    throw e;
                }
            }
        }
    }

    void releaseVforkParent(Task task) {
        if (task.vforkParentWaits) {
            task.vforkParentWaits = false;
            kernel.wake(task.vforkDone);
        }
    }

    private void endProcess(Process process, Task last) {
        process.zombie = true;
        disarm(process);
        kernel.wake(process.gone);
        family.endSession(process);
        List<Process> orphans = List.copyOf(process.children);
        family.giveAwayChildren(process);
        orphans.forEach(orphan -> family.orphanedBy(orphan, process));
        kernel.spawned.ended(process);
        Process parent = process.parent;
        if (process.pid == 1 || parent == null) {
            kernel.shutdown.firstProcessEnded(process);
            return;
        }
        family.orphanedBy(process, parent);
        if (!family.tellParent(process, parent, last)) {
            family.reap(process);
        }
    }

    private static void disarm(Process process) {
        for (IntervalTimer timer : process.itimers) {
            disarm(timer);
        }
        process.timers.values().forEach(Exits::disarm);
        disarm(process.cpuLimit);
    }

    private static void disarm(@Nullable IntervalTimer timer) {
        if (timer != null && timer.timer != null) {
            timer.timer.arm(Long.MAX_VALUE);
        }
    }

    /**
     * Other threads are cut off at once and end when they next come by: until then they are tasks as before, so that
     * nobody forgets them. This one becomes the leader; a leader that still lives gets its number for that (Linux:
     * fs/exec.c, de_thread, exchange_tids).
     */
    void becomeOnlyThread(Task task) {
        Process process = task.process;
        for (Task other : List.copyOf(process.threads)) {
            if (other != task) {
                process.threads.remove(other);
                kill(other);
            }
        }
        if (task.tid == process.pid) {
            return;
        }
        Task leader = table.task(process.pid);
        table.remove(task);
        if (leader != null) {
            table.remove(leader);
            leader.tid = task.tid;
            table.add(leader);
        }
        task.tid = process.pid;
        table.add(task);
    }
}
