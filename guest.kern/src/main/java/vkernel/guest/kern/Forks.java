package vkernel.guest.kern;

import org.jspecify.annotations.Nullable;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.kern.Errno;
import vkernel.task.CloneArgs;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Registers;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** How tasks and processes begin (Linux: kernel/fork.c). Kernel lock held. */
final class Forks {
    private final EventKernel kernel;
    private final ProcessTable table;

    Forks(EventKernel kernel) {
        this.kernel = kernel;
        this.table = kernel.processes;
    }

    long clone(Task parent, CloneArgs args) {
        Process process = parent.process;
        int tid = !mayBegin(parent) ? 0 : args.tid() != 0 ? args.tid() : table.allocate();
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
        if (who.uid() == 0
                || who.can(Credentials.CAP_SYS_RESOURCE, Credentials.CAP_SYS_ADMIN)
                || limit == Limits.INFINITY) {
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
        process.loginUid = from.loginUid;
        process.login = from.login;
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
}
