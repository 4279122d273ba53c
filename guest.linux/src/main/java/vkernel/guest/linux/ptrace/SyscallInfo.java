package vkernel.guest.linux.ptrace;

import static vkernel.kern.Errno.EFAULT;

import vkernel.guest.linux.user.User;
import vkernel.task.Registers;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.task.Tracing;

/** PTRACE_GET_SYSCALL_INFO: struct ptrace_syscall_info. */
final class SyscallInfo {
    private static final int AUDIT_ARCH_RISCV64 = 0xc000_00f3;
    /** Sizes of what there is to tell at no call, at its entry, at its exit. */
    private static final int NONE_SIZE = 24, ENTRY_SIZE = 80, EXIT_SIZE = 33;

    private static final int MAX_ERRNO = 4095;

    private final User user;

    SyscallInfo(User user) {
        this.user = user;
    }

    /** @param size of the caller's struct. @return bytes there are, whether or not all fit */
    long give(Task task, Task tracee, Tracing tracing, long size, long va) {
        user.zero(ENTRY_SIZE);
        long[] regs = tracee.regs;
        user.put32(4, AUDIT_ARCH_RISCV64);
        user.put64(8, regs[Registers.PC]);
        user.put64(16, regs[Registers.SP]);
        int length = NONE_SIZE;
        boolean atCall = !tracing.delivering && (tracing.stop & ~0x80) == Signal.SIGTRAP;
        if (atCall && tracing.message == Tracing.ENTRY) {
            user.bytes[0] = 1;
            length = ENTRY_SIZE;
            user.put64(24, regs[Registers.A7]);
            for (int i = 0; i < 6; i++) {
                user.put64(32 + 8 * i, regs[Registers.A0 + i]);
            }
            user.put64(32, tracing.firstArgument);
        } else if (atCall) {
            user.bytes[0] = 2;
            length = EXIT_SIZE;
            long result = regs[Registers.A0];
            user.put64(24, result);
            user.bytes[32] = (byte) (result < 0 && result >= -MAX_ERRNO ? 1 : 0);
        }
        int copied = (int) Math.max(0, Math.min(length, size));
        return user.write(task, va, copied) ? length : -EFAULT;
    }
}
