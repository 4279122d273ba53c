package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EBUSY;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.fs.OpenFile;
import vkernel.fs.Vfs;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.vm.Vma;

/** prctl(2), personality(2). */
public final class PrctlCalls implements CallGroup {
    private static final int PR_SET_PDEATHSIG = 1, PR_GET_PDEATHSIG = 2, PR_GET_DUMPABLE = 3, PR_SET_DUMPABLE = 4;
    private static final int PR_GET_KEEPCAPS = 7, PR_SET_KEEPCAPS = 8, PR_GET_TIMING = 13, PR_SET_TIMING = 14;
    private static final int PR_SET_NAME = 15, PR_GET_NAME = 16, PR_CAPBSET_READ = 23;
    private static final int PR_GET_SECUREBITS = 27, PR_SET_TIMERSLACK = 29, PR_GET_TIMERSLACK = 30;
    private static final int PR_SET_CHILD_SUBREAPER = 36, PR_GET_CHILD_SUBREAPER = 37;
    private static final int PR_SET_NO_NEW_PRIVS = 38, PR_GET_NO_NEW_PRIVS = 39;
    private static final int PR_GET_TID_ADDRESS = 40;
    private static final int PR_CAPBSET_DROP = 24,
            PR_SET_SECUREBITS = 28,
            PR_SET_MM = 35,
            PR_CAP_AMBIENT = 47,
            PR_SET_IO_FLUSHER = 57;
    private static final int PR_SET_VMA = 0x5356_4d41, PR_GET_AUXV = 0x4155_5856;

    private static final int PR_SET_MM_EXE_FILE = 13;
    private static final int COMM = 16;
    private static final long TIMER_SLACK = 50_000;
    /** ADDR_NO_RANDOMIZE: addresses are never randomized. */
    private static final int HARMLESS_PERSONALITY = 0x4_0000;

    private final Kernel kernel;
    private final User user;

    public PrctlCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.PRCTL, "no seccomp, no securebits; PR_SET_MM changes nothing");
        table.partial(this, Nr.PERSONALITY, "PER_LINUX alone");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.PRCTL -> prctl(task, a0, a1, a2, a3, a4);
            case Nr.PERSONALITY -> personality(task, a0);
            default -> throw Table.unclaimed(call);
        };
    }

    private long prctl(Task task, long option, long a, long b, long c, long d) {
        Process process = task.process;
        return switch ((int) option) {
            case PR_SET_PDEATHSIG -> setDeathSignal(process, a);
            case PR_GET_PDEATHSIG -> user.giveInt(task, a, process.parentDeathSignal);
            case PR_GET_DUMPABLE -> process.dumpable ? 1 : 0;
            case PR_SET_DUMPABLE -> setDumpable(process, a);
            case PR_SET_NAME -> setName(task, a);
            case PR_GET_NAME -> getName(task, a);
            case PR_SET_KEEPCAPS -> setKeepCaps(process, a);
            case PR_GET_KEEPCAPS -> process.keepCaps ? 1 : 0;
            case PR_CAPBSET_READ -> Capabilities.bounds(task, a);
            case PR_CAPBSET_DROP -> Capabilities.dropFromBounding(task, a);
            case PR_CAP_AMBIENT -> Capabilities.ambient(task, a, b, c | d);
            case PR_GET_TIMERSLACK -> TIMER_SLACK;
            case PR_SET_CHILD_SUBREAPER -> {
                process.childSubreaper = a != 0;
                yield 0;
            }
            case PR_SET_NO_NEW_PRIVS -> setNoNewPrivs(process, a, b | c | d);
            case PR_GET_NO_NEW_PRIVS -> (a | b | c | d) != 0 ? -EINVAL : process.noNewPrivs ? 1 : 0;
            case PR_GET_CHILD_SUBREAPER -> user.giveInt(task, a, process.childSubreaper ? 1 : 0);
            case PR_GET_TID_ADDRESS -> user.giveLong(task, a, task.clearChildTid);
            case PR_SET_VMA -> setVmaName(task, a, b, c, d);
            case PR_GET_AUXV -> getAuxv(task, a, b, c | d);
            case PR_SET_SECUREBITS -> -EPERM;
            case PR_SET_MM -> setMemory(task, a, b, c | d);
            case PR_SET_IO_FLUSHER -> task.credentials.can(Credentials.CAP_SYS_RESOURCE) ? -EINVAL : -EPERM;
            default -> constants((int) option, a);
        };
    }

    /** Another file for /proc/PID/exe could be given when nothing of the one there is is mapped any more. */
    private long setMemory(Task task, long what, long fd, long rest) {
        if (rest != 0) {
            return -EINVAL;
        }
        if (!task.credentials.can(Credentials.CAP_SYS_RESOURCE)) {
            return -EPERM;
        }
        if (what != PR_SET_MM_EXE_FILE) {
            return -EINVAL;
        }
        OpenFile file = task.files.get((int) fd);
        if (file == null) {
            return -EBADF;
        }
        if (!file.inode().regular() || kernel.vfs().permission(task, file.path, Vfs.EXECUTE, false) != 0) {
            return -EACCES;
        }
        Vma code = task.memory().find(task.memory().startCode);
        return code != null && code.file != null ? -EBUSY : -EINVAL;
    }

    private static long setKeepCaps(Process process, long keep) {
        if (keep != 0 && keep != 1) {
            return -EINVAL;
        }
        process.keepCaps = keep == 1;
        return 0;
    }

    private static long constants(int option, long a) {
        return switch (option) {
            case PR_GET_TIMING, PR_GET_SECUREBITS -> 0;
            // Timers are exact anyway.
            case PR_SET_TIMERSLACK -> 0;
            case PR_SET_TIMING -> a == 0 ? 0 : -EINVAL;
            default -> -EINVAL;
        };
    }

    private static long setDeathSignal(Process process, long signal) {
        if (signal < 0 || signal > Signal.MAX) {
            return -EINVAL;
        }
        process.parentDeathSignal = (int) signal;
        return 0;
    }

    private static long setNoNewPrivs(Process process, long value, long rest) {
        if (value != 1 || rest != 0) {
            return -EINVAL;
        }
        process.noNewPrivs = true;
        return 0;
    }

    private static long setDumpable(Process process, long value) {
        if (value != 0 && value != 1) {
            return -EINVAL;
        }
        process.dumpable = value == 1;
        return 0;
    }

    private long setName(Task task, long va) {
        byte[] name = new byte[COMM];
        int length = 0;
        while (length < COMM - 1) {
            if (!kernel.vm().read(task.memory(), va + length, name, length, 1)) {
                return -EFAULT;
            }
            if (name[length] == 0) {
                break;
            }
            length++;
        }
        task.comm = new String(name, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
        return 0;
    }

    private long getName(Task task, long va) {
        user.putString(0, task.comm, COMM - 1);
        user.bytes[COMM - 1] = 0;
        return user.give(task, va, COMM);
    }

    /** PR_SET_VMA_ANON_NAME: shown in /proc/PID/maps; a range of one whole mapping is named, others are left alone. */
    private long setVmaName(Task task, long what, long start, long length, long nameVa) {
        if (what != 0) {
            return -EINVAL;
        }
        var name = user.string(task, nameVa, 79, EINVAL);
        if (nameVa != 0 && !name.ok()) {
            return name.error();
        }
        Vma vma = task.memory().find(start);
        if (vma != null && vma.file == null && vma.start == start && vma.end == start + length) {
            vma.name = nameVa == 0 ? null : "[anon:" + name.value() + "]";
        }
        return 0;
    }

    private long getAuxv(Task task, long va, long size, long rest) {
        byte[] auxv = task.memory().auxv;
        if (rest != 0) {
            return -EINVAL;
        }
        int length = (int) Math.min(auxv.length, size & Long.MAX_VALUE);
        return kernel.vm().write(task.memory(), va, auxv, 0, length) ? auxv.length : -EFAULT;
    }

    private long personality(Task task, long wanted) {
        int who = (int) wanted;
        return who == -1 || (who & ~HARMLESS_PERSONALITY) == 0 ? 0 : -EINVAL;
    }
}
