package vkernel.guest.kern;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.kern.Errno;
import vkernel.task.CloneArgs;
import vkernel.task.Credentials;
import vkernel.task.IntervalTimer;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Registers;
import vkernel.task.Session;
import vkernel.task.SigAction;
import vkernel.task.SigHandlers;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** How tasks and processes begin and end (Linux: kernel/fork.c, exit.c). Kernel lock held. */
final class Lives {
    private final EventKernel kernel;
    private final ProcessTable table;

    Lives(EventKernel kernel) {
        this.kernel = kernel;
        this.table = kernel.processes;
    }

    // --- beginning --------------------------------------------------------------------------------------------------

    long clone(Task parent, CloneArgs args) {
        Process process = parent.process;
        int tid = mayBegin(parent) ? table.allocate() : 0;
        if (tid == 0) {
            return -Errno.EAGAIN;
        }
        AddressSpace memory = parent.memory();
        AddressSpace childMemory =
                args.has(CloneArgs.CLONE_VM) ? memory : kernel.vm().fork(memory);
        if (childMemory == null) {
            return -Errno.ENOMEM;
        }
        if (childMemory == memory) {
            memory.users++;
        }
        Process childProcess = args.has(CloneArgs.CLONE_THREAD) ? process : newProcess(parent, tid, args);
        Task child = new Task(
                tid,
                childProcess,
                files(parent, args),
                context(parent, args),
                handlers(parent, args),
                parent.credentials);
        child.memory = childMemory;
        inherit(child, parent, args);
        childProcess.threads.add(child);
        table.add(child);
        kernel.stats.forks++;
        tellTids(parent, child, args);
        kernel.ptrace.cloned(parent, child, args);
        kernel.dispatcher.makeRunnable(child, false);
        return tid;
    }

    /** RLIMIT_NPROC, and the number of tasks that memory allows. */
    private boolean mayBegin(Task parent) {
        if (table.tasks().size() >= kernel.maxTasks()) {
            return false;
        }
        Credentials who = parent.credentials;
        long limit = parent.process.softLimits[Limits.NPROC];
        if (who.privileged() || limit == Limits.INFINITY) {
            return true;
        }
        return table.tasks().stream()
                        .filter(task -> task.credentials.uid() == who.uid())
                        .count()
                < limit;
    }

    private Process newProcess(Task creator, int pid, CloneArgs args) {
        Process from = creator.process;
        Process process = new Process(pid, from.session);
        process.pgid = from.pgid;
        boolean sibling = args.has(CloneArgs.CLONE_PARENT);
        process.parent = sibling ? from.parent : from;
        if (process.parent == null) {
            process.parent = from;
        }
        process.parent.children.add(process);
        process.exitSignal = sibling ? from.exitSignal : args.exitSignal();
        System.arraycopy(from.softLimits, 0, process.softLimits, 0, Limits.COUNT);
        System.arraycopy(from.hardLimits, 0, process.hardLimits, 0, Limits.COUNT);
        process.startTime = kernel.now();
        process.exePath = from.exePath;
        process.oomScoreAdj = from.oomScoreAdj;
        process.dumpable = from.dumpable;
        process.noNewPrivs = from.noNewPrivs;
        table.add(process);
        return process;
    }

    private static FdTable files(Task parent, CloneArgs args) {
        if (!args.has(CloneArgs.CLONE_FILES)) {
            return parent.files.copy();
        }
        parent.files.users++;
        return parent.files;
    }

    private static FsContext context(Task parent, CloneArgs args) {
        return args.has(CloneArgs.CLONE_FS) ? parent.fs : parent.fs.copy();
    }

    private static SigHandlers handlers(Task parent, CloneArgs args) {
        return args.has(CloneArgs.CLONE_SIGHAND) ? parent.handlers : parent.handlers.copy();
    }

    private void inherit(Task child, Task parent, CloneArgs args) {
        System.arraycopy(parent.regs, 0, child.regs, 0, Registers.SIZE);
        child.regs[Registers.PC] += 4;
        child.regs[Registers.A0] = 0;
        if (args.stack() != 0) {
            child.regs[Registers.SP] = args.stack();
        }
        if (args.has(CloneArgs.CLONE_SETTLS)) {
            child.regs[Registers.TP] = args.tls();
        }
        child.sigMask = parent.sigMask;
        boolean ownStack = !args.has(CloneArgs.CLONE_VM) || args.has(CloneArgs.CLONE_VFORK);
        if (ownStack) {
            child.altStack = parent.altStack;
            child.altStackSize = parent.altStackSize;
            child.altStackFlags = parent.altStackFlags;
        }
        child.comm = parent.comm;
        child.nice = parent.nice;
        child.policy = parent.policy;
        child.ioPriority = parent.ioPriority;
        child.affinity = parent.affinity;
        child.vruntime = parent.vruntime;
        child.startTime = kernel.now();
        child.clearChildTid = args.has(CloneArgs.CLONE_CHILD_CLEARTID) ? args.childTid() : 0;
        child.vforkParentWaits = args.has(CloneArgs.CLONE_VFORK);
    }

    private void tellTids(Task parent, Task child, CloneArgs args) {
        byte[] tid = new byte[4];
        for (int i = 0; i < 4; i++) {
            tid[i] = (byte) (child.tid >>> 8 * i);
        }
        // a bad address is no error here, as in Linux
        if (args.has(CloneArgs.CLONE_PARENT_SETTID)) {
            kernel.vm().write(parent.memory(), args.parentTid(), tid, 0, 4);
        }
        if (args.has(CloneArgs.CLONE_CHILD_SETTID)) {
            kernel.vm().write(child.memory(), args.childTid(), tid, 0, 4);
        }
    }

    /** A process made by the kernel itself, with nothing in it yet; null when there is no number or memory for it. */
    @Nullable
    Task newTask(int pid, Process parent, FsContext fs) {
        AddressSpace memory = kernel.vm().create();
        if (memory == null) {
            return null;
        }
        Session session = new Session(pid);
        Process process = pid == parent.pid ? parent : new Process(pid, session);
        if (process != parent) {
            process.parent = parent;
            parent.children.add(process);
            System.arraycopy(parent.softLimits, 0, process.softLimits, 0, Limits.COUNT);
            System.arraycopy(parent.hardLimits, 0, process.hardLimits, 0, Limits.COUNT);
            table.add(process);
        }
        process.startTime = kernel.now();
        Task task = new Task(pid, process, new FdTable(), fs, new SigHandlers(), Credentials.ROOT);
        task.memory = memory;
        task.startTime = process.startTime;
        process.threads.add(task);
        table.add(task);
        return task;
    }

    // --- ending -----------------------------------------------------------------------------------------------------

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
            if (kernel.ready()) {
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
                if (!kernel.contain("end of a task", e, false)) {
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
        endSession(process);
        List<Process> orphans = List.copyOf(process.children);
        giveAwayChildren(process);
        orphans.forEach(orphan -> orphanedBy(orphan, process));
        kernel.spawned.ended(process);
        Process parent = process.parent;
        if (process.pid == 1 || parent == null) {
            kernel.firstProcessEnded(process);
            return;
        }
        orphanedBy(process, parent);
        if (!tellParent(process, parent, last)) {
            reap(process);
        }
    }

    private static void disarm(Process process) {
        for (IntervalTimer timer : process.itimers) {
            disarm(timer);
        }
        process.timers.values().forEach(Lives::disarm);
        disarm(process.cpuLimit);
    }

    private static void disarm(@Nullable IntervalTimer timer) {
        if (timer != null && timer.timer != null) {
            timer.timer.arm(Long.MAX_VALUE);
        }
    }

    /** @return whether the parent is to wait for it */
    private boolean tellParent(Process process, Process parent, Task last) {
        Task parentTask = parent.leader();
        if (parentTask == null) {
            return false;
        }
        SigAction action = parentTask.handlers.get(Signal.SIGCHLD);
        boolean unwanted = process.exitSignal == Signal.SIGCHLD
                && (action.handler() == SigAction.IGNORE || action.has(SigAction.SA_NOCLDWAIT));
        // clone(2) takes any number for it; what is no signal is not sent.
        if (process.exitSignal > 0 && process.exitSignal <= Signal.MAX) {
            int signal = process.exitStatus & 0x7f;
            int code = signal == 0 ? SigInfo.CLD_EXITED : SigInfo.CLD_KILLED;
            int status = signal == 0 ? process.exitStatus >>> 8 & 0xff : signal;
            kernel.signals.send(
                    parent, new SigInfo(process.exitSignal, code, process.pid, last.credentials.uid(), status, 0));
        }
        kernel.wake(parent.childNews);
        return !unwanted;
    }

    private void giveAwayChildren(Process process) {
        Process heir = heir(process);
        for (Process child : List.copyOf(process.children)) {
            process.children.remove(child);
            child.parent = heir;
            child.exitSignal = Signal.SIGCHLD;
            heir.children.add(child);
            if (child.parentDeathSignal != 0) {
                kernel.signals.send(child, SigInfo.user(child.parentDeathSignal, process.pid, 0));
            }
            if (child.zombie) {
                Task heirTask = heir.leader();
                if (heirTask == null) {
                    reap(child);
                } else {
                    kernel.signals.send(heir, new SigInfo(Signal.SIGCHLD, SigInfo.CLD_EXITED, child.pid, 0, 0, 0));
                    kernel.wake(heir.childNews);
                }
            }
        }
    }

    /** The nearest living subreaper above, or process 1. */
    private Process heir(Process process) {
        for (Process p = process.parent; p != null; p = p.parent) {
            if (p.childSubreaper && !p.zombie) {
                return p;
            }
        }
        return kernel.first();
    }

    /** A session leader's end takes the terminal away from its session (exit(2), setsid(2)). */
    private void endSession(Process process) {
        if (process.session.sid != process.pid || process.session.tty == null) {
            return;
        }
        var tty = process.session.tty;
        if (tty.session == process.session) {
            int foreground = tty.foreground;
            tty.session = null;
            tty.foreground = 0;
            if (foreground != 0) {
                kernel.signals.sendGroup(foreground, SigInfo.kernel(Signal.SIGHUP));
                kernel.signals.sendGroup(foreground, SigInfo.kernel(Signal.SIGCONT));
            }
            kernel.wake(tty.forInput);
        }
        process.session.tty = null;
    }

    /**
     * Stopped jobs that nobody can continue any more get SIGHUP and SIGCONT (setpgid(2), orphaned groups): that of a
     * process that ends, and those of its children, where this parent was what kept them from being orphaned.
     */
    private void orphanedBy(Process process, Process parent) {
        if (parent.pgid == process.pgid || parent.session != process.session || !orphanedGroup(process.pgid)) {
            return;
        }
        boolean stopped = table.group(process.pgid).stream().anyMatch(member -> member.stopSignal != 0);
        if (stopped) {
            kernel.signals.sendGroup(process.pgid, SigInfo.kernel(Signal.SIGHUP));
            kernel.signals.sendGroup(process.pgid, SigInfo.kernel(Signal.SIGCONT));
        }
    }

    /** Whether no member that lives has a parent in the same session but another group. */
    boolean orphanedGroup(int pgid) {
        for (Process member : table.group(pgid)) {
            Process parent = member.parent;
            if (!member.zombie
                    && parent != null
                    && parent.pid != 1
                    && parent.session == member.session
                    && parent.pgid != pgid) {
                return false;
            }
        }
        return true;
    }

    void reap(Process zombie) {
        Process parent = zombie.parent;
        if (parent != null) {
            parent.children.remove(zombie);
            parent.childrenUserTime += zombie.userTime + zombie.childrenUserTime;
            parent.childrenSystemTime += zombie.systemTime + zombie.childrenSystemTime;
            parent.childrenPeakPages =
                    Math.max(parent.childrenPeakPages, Math.max(zombie.peakPages, zombie.childrenPeakPages));
        }
        table.remove(zombie);
        for (Task thread : zombie.threads) {
            table.remove(thread);
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
