package vkernel.guest.linux.ptrace;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EIO;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.proc.Permission;
import vkernel.guest.linux.signal.Siginfo;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.task.Tracing;

/** The requests of ptrace(2). */
public final class PtraceCalls implements CallGroup {
    private static final int TRACEME = 0, PEEKTEXT = 1, PEEKDATA = 2, POKETEXT = 4, POKEDATA = 5;
    private static final int CONT = 7, KILL = 8, ATTACH = 16, DETACH = 17, SYSCALL = 24;
    private static final int SETOPTIONS = 0x4200, GETEVENTMSG = 0x4201, GETSIGINFO = 0x4202, SETSIGINFO = 0x4203;
    private static final int GETREGSET = 0x4204, SETREGSET = 0x4205, SEIZE = 0x4206, INTERRUPT = 0x4207;
    private static final int LISTEN = 0x4208, GETSIGMASK = 0x420a, SETSIGMASK = 0x420b, GET_SYSCALL_INFO = 0x420e;

    private static final int OPTIONS = 0xff | Tracing.EXITKILL;

    private final Kernel kernel;
    private final User user;
    private final RegisterSets registers;
    private final SyscallInfo syscallInfo;

    public PtraceCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        registers = new RegisterSets(kernel, user);
        syscallInfo = new SyscallInfo(user);
    }

    @Override
    public void table(Table table) {
        table.partial(
                this,
                Nr.PTRACE,
                "any thread of the tracer may ask; no single step (as on riscv Linux), PEEKSIGINFO, seccomp");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.PTRACE -> ptrace(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private long ptrace(Task task, long request, long pid, long address, long data) {
        if ((int) request == TRACEME) {
            return traceMe(task);
        }
        @Nullable Task tracee = kernel.processes().task((int) pid);
        if (tracee == null || tracee.state == Task.State.DEAD) {
            return -ESRCH;
        }
        if ((int) request == ATTACH) {
            return attach(task, tracee);
        }
        if ((int) request == SEIZE) {
            return seize(task, tracee, address, data);
        }
        Tracing tracing = tracee.tracing;
        if (tracing == null || tracing.tracer != task.process) {
            return -ESRCH;
        }
        return switch ((int) request) {
            case KILL -> {
                kernel.signal(tracee, SigInfo.user(Signal.SIGKILL, task.process.pid, task.credentials.uid()));
                yield 0;
            }
            case INTERRUPT -> interrupt(tracee, tracing);
            default -> tracing.stop == 0 ? -ESRCH : ofStopped(task, tracee, tracing, (int) request, address, data);
        };
    }

    // --- attaching --------------------------------------------------------------------------------------------------

    private long traceMe(Task task) {
        Process parent = task.process.parent;
        if (task.tracing != null || parent == null || parent.zombie) {
            return -EPERM;
        }
        kernel.trace(task, parent, false);
        return 0;
    }

    private static boolean may(Task task, Task tracee) {
        if (tracee.process == task.process || tracee.tracing != null || tracee.process.pid == 1) {
            return false;
        }
        return Permission.trace(task, tracee);
    }

    private long attach(Task task, Task tracee) {
        if (!may(task, tracee)) {
            return -EPERM;
        }
        kernel.trace(tracee, task.process, false);
        kernel.signal(tracee, SigInfo.user(Signal.SIGSTOP, task.process.pid, task.credentials.uid()));
        return 0;
    }

    private long seize(Task task, Task tracee, long address, long options) {
        if (address != 0 || (options & ~OPTIONS) != 0) {
            return -EIO;
        }
        if (!may(task, tracee)) {
            return -EPERM;
        }
        kernel.trace(tracee, task.process, true);
        if (tracee.tracing != null) {
            tracee.tracing.options = (int) options;
        }
        return 0;
    }

    private long interrupt(Task tracee, Tracing tracing) {
        if (!tracing.seized) {
            return -EIO;
        }
        if (tracing.stop == 0) {
            tracing.event = Tracing.EVENT_STOP;
            kernel.interruptTraced(tracee);
        }
        return 0;
    }

    // --- a stopped tracee -------------------------------------------------------------------------------------------

    private long ofStopped(Task task, Task tracee, Tracing tracing, int request, long address, long data) {
        return switch (request) {
            case PEEKTEXT, PEEKDATA -> peek(task, tracee, address, data);
            case POKETEXT, POKEDATA -> poke(tracee, address, data);
            case CONT -> resume(tracee, tracing, false, data);
            case SYSCALL -> resume(tracee, tracing, true, data);
            case DETACH -> {
                if (!Signal.valid(data)) {
                    yield -EIO;
                }
                kernel.detach(tracee, (int) data);
                yield 0;
            }
            case SETOPTIONS -> {
                if ((data & ~OPTIONS) != 0) {
                    yield -EINVAL;
                }
                tracing.options = (int) data;
                yield 0;
            }
            case GETEVENTMSG -> user.giveLong(task, data, tracing.message);
            case GETSIGINFO -> signal(task, tracing, data);
            case SETSIGINFO -> setSignal(task, tracing, data);
            case GETREGSET -> registers.get(task, tracee, address, data);
            case SETREGSET -> registers.set(task, tracee, address, data);
            case GETSIGMASK -> address != 8 ? -EINVAL : user.giveLong(task, data, tracee.sigMask);
            case SETSIGMASK -> setMask(task, tracee, address, data);
            case GET_SYSCALL_INFO -> syscallInfo.give(task, tracee, tracing, address, data);
            case LISTEN -> {
                if (!tracing.seized || tracing.stop >> 8 != Tracing.EVENT_STOP) {
                    yield -EIO;
                }
                kernel.listen(tracee);
                yield 0;
            }
            default -> -EIO;
        };
    }

    private long peek(Task task, Task tracee, long address, long data) {
        int there = kernel.vm().peek(tracee.memory(), address, user.bytes, 0, 8);
        return there == 8 ? user.give(task, data, 8) : -EIO;
    }

    private long poke(Task tracee, long address, long data) {
        user.put64(0, data);
        return kernel.vm().poke(tracee.memory(), address, user.bytes, 0, 8) == 8 ? 0 : -EIO;
    }

    private long resume(Task tracee, Tracing tracing, boolean calls, long signal) {
        if (!Signal.valid(signal)) {
            return -EIO;
        }
        tracing.calls = calls;
        kernel.resumeTraced(tracee, (int) signal);
        return 0;
    }

    private long signal(Task task, Tracing tracing, long data) {
        SigInfo info = tracing.info;
        if (info == null) {
            return -EINVAL;
        }
        Siginfo.encode(info, user.bytes, 0);
        if (!tracing.delivering && tracing.stop >> 8 != 0) {
            user.put32(8, tracing.stop);
        }
        return user.give(task, data, Siginfo.SIZE);
    }

    private long setSignal(Task task, Tracing tracing, long data) {
        if (!user.read(task, data, Siginfo.SIZE)) {
            return -EFAULT;
        }
        int signal = user.i32(0);
        if (tracing.info == null || signal == 0 || !Signal.valid(signal)) {
            return -EINVAL;
        }
        tracing.info = Siginfo.decode(signal, user.bytes);
        return 0;
    }

    private long setMask(Task task, Task tracee, long size, long data) {
        if (size != 8) {
            return -EINVAL;
        }
        if (!user.read(task, data, 8)) {
            return -EFAULT;
        }
        tracee.sigMask = user.i64(0) & ~Signal.UNBLOCKABLE;
        return 0;
    }
}
