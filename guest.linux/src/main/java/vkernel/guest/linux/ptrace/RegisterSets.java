package vkernel.guest.linux.ptrace;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;

import vkernel.guest.linux.user.Le;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Registers;
import vkernel.task.Task;

/** PTRACE_GETREGSET, PTRACE_SETREGSET: struct user_regs_struct and __riscv_d_ext_state, by struct iovec. */
final class RegisterSets {
    private static final int NT_PRSTATUS = 1, NT_FPREGSET = 2;
    private static final int GENERAL = 32 * 8;
    /** f0 to f31, and fcsr, which fills up to eight bytes. */
    private static final int FLOAT = 33 * 8;

    private final Kernel kernel;
    private final User user;
    private final byte[] set = new byte[FLOAT];

    RegisterSets(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    private static int size(long type) {
        return type == NT_PRSTATUS ? GENERAL : type == NT_FPREGSET ? FLOAT : 0;
    }

    private static int first(long type) {
        return type == NT_PRSTATUS ? Registers.PC : Registers.F0;
    }

    private void fill(Task tracee, long type) {
        for (int i = 0; i < size(type) / 8; i++) {
            Le.put64(set, i * 8, tracee.regs[first(type) + i]);
        }
    }

    /** Into the iovec at {@code va}, whose length becomes what was copied. */
    long get(Task task, Task tracee, long type, long va) {
        long length = length(task, type, va);
        if (length < 0) {
            return length;
        }
        long base = user.i64(0);
        fill(tracee, type);
        return kernel.vm().write(task.memory(), base, set, 0, (int) length)
                ? user.giveLong(task, va + 8, length)
                : -EFAULT;
    }

    long set(Task task, Task tracee, long type, long va) {
        long length = length(task, type, va);
        if (length < 0) {
            return length;
        }
        long base = user.i64(0);
        fill(tracee, type);
        if (!kernel.vm().read(task.memory(), base, set, 0, (int) length)) {
            return -EFAULT;
        }
        for (int i = 0; i < size(type) / 8; i++) {
            tracee.regs[first(type) + i] = Le.i64(set, i * 8);
        }
        return user.giveLong(task, va + 8, length);
    }

    /** Bytes to copy; the iovec is in the scratch array then. */
    private long length(Task task, long type, long va) {
        if (size(type) == 0) {
            return -EINVAL;
        }
        if (!user.read(task, va, 16)) {
            return -EFAULT;
        }
        long length = user.i64(8);
        return length < 0 || length % 8 != 0 ? -EINVAL : Math.min(length, size(type));
    }
}
