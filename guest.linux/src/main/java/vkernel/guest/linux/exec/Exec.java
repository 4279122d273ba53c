package vkernel.guest.linux.exec;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import vkernel.fs.FdTable;
import vkernel.fs.Path;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.futex.ThreadEnd;
import vkernel.guest.linux.time.TimerCalls;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Registers;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.task.Tracing;
import vkernel.vm.AddressSpace;

/**
 * execve(2): the new program is found, checked and mapped into a space of its own; only then the old one is given up,
 * and from there on nothing can fail.
 */
public final class Exec {
    private static final int COMM_MAX = 15;

    private final Kernel kernel;
    private final Vdso vdso;
    private final ThreadEnd threadEnd;
    private final TimerCalls timers;

    public Exec(Kernel kernel, Vdso vdso, ThreadEnd threadEnd, TimerCalls timers) {
        this.kernel = kernel;
        this.vdso = vdso;
        this.threadEnd = threadEnd;
        this.timers = timers;
    }

    /**
     * Replaces a task's program.
     *
     * @param place the file
     * @param name as it was called
     * @param goes whether that name is gone when the program starts (a close-on-exec descriptor): no interpreter could
     *     open it
     * @param refused told in words what is wrong with the file
     * @return 0, BLOCKED or -errno
     */
    public long exec(
            Task task,
            Path place,
            String name,
            boolean goes,
            List<String> argv,
            List<String> env,
            Consumer<String> refused) {
        try (Program program = Program.find(kernel, task, place, name, goes, argv)) {
            if (task != kernel.current()) {
                program.checkWhole();
            }
            NewCredentials credentials = NewCredentials.of(task, program.place);
            NewSpace made = NewSpace.build(kernel, vdso, task, program, env, credentials);
            commit(task, program, made, credentials.credentials());
            return 0;
        } catch (BadProgram e) {
            refused.accept(e.getMessage());
            if (e.fatal && task == kernel.current()) {
                kernel.exitGroup(task.process, Signal.SIGSEGV);
            }
            return e.errno;
        } catch (Image.Blocked e) {
            return Kernel.BLOCKED;
        }
    }

    private void commit(Task task, Program program, NewSpace made, Credentials credentials) {
        if (task.memory != null) {
            kernel.becomeOnlyThread(task);
            threadEnd.pay(task);
        }
        AddressSpace old = task.memory;
        task.memory = made.space();
        if (old != null) {
            task.process.peakPages = Math.max(task.process.peakPages, old.peakPages);
            kernel.vm().drop(old);
        }
        releaseVfork(task);
        closeOnExec(task);
        resetSignals(task);
        identify(task, program, credentials);
        task.robustList = 0;
        task.clearChildTid = 0;
        Arrays.fill(task.regs, 0);
        task.regs[Registers.PC] = made.entry();
        task.regs[Registers.SP] = made.stack();
        tell(task);
    }

    /** A tracer hears of the new program before its first instruction. */
    private void tell(Task task) {
        Tracing tracing = task.tracing;
        if (tracing == null) {
            return;
        }
        if (tracing.wants(Tracing.EVENT_EXEC)) {
            tracing.event = Tracing.EVENT_EXEC;
            tracing.message = task.tid;
        } else if (!tracing.seized) {
            kernel.signal(task, SigInfo.user(Signal.SIGTRAP, task.process.pid, task.credentials.uid()));
        }
    }

    private void releaseVfork(Task task) {
        if (task.vforkParentWaits) {
            task.vforkParentWaits = false;
            kernel.wake(task.vforkDone);
        }
    }

    private void closeOnExec(Task task) {
        OpenCalls.unshare(task);
        FdTable files = task.files;
        for (int fd = 0; fd < files.size(); fd++) {
            if (files.get(fd) != null && files.closeOnExec(fd)) {
                kernel.vfs().close(task, fd);
            }
        }
    }

    private static void resetSignals(Task task) {
        task.handlers = task.handlers.copy();
        task.handlers.resetCaught();
        task.altStack = 0;
        task.altStackSize = 0;
        task.altStackFlags = 0;
    }

    private void identify(Task task, Program program, Credentials credentials) {
        Process process = task.process;
        Credentials old = task.credentials;
        process.keepCaps = false;
        process.dumpable = credentials.euid() == credentials.uid()
                && credentials.egid() == credentials.gid()
                && (credentials.capabilities().permitted() & ~old.capabilities().permitted()) == 0;
        task.credentials = credentials;
        if (credentials.euid() != old.euid()
                || credentials.egid() != old.egid()
                || credentials.capabilities().permitted() != old.capabilities().permitted()) {
            process.parentDeathSignal = 0;
        }
        process.execed = true;
        process.exitSignal = Signal.SIGCHLD;
        process.exePath = kernel.vfs().name(task, program.place);
        timers.deleteAll(process);
        String base = program.name.substring(program.name.lastIndexOf('/') + 1);
        task.comm = base.length() > COMM_MAX ? base.substring(0, COMM_MAX) : base;
    }
}
