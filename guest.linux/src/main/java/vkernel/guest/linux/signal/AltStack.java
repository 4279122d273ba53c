package vkernel.guest.linux.signal;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOMEM;
import static vkernel.kern.Errno.EPERM;
import static vkernel.task.Registers.SP;

import vkernel.guest.linux.user.Le;
import vkernel.guest.linux.user.User;
import vkernel.task.Task;

/** The alternate signal stack (sigaltstack(2)). stack_t: base at 0, flags at 8, size at 16. */
final class AltStack {
    static final int SIZE = 24;
    private static final int SS_ONSTACK = 1;
    private static final int SS_DISABLE = 2;
    private static final int SS_AUTODISARM = 0x8000_0000;
    /** MINSIGSTKSZ of riscv. */
    private static final long LEAST = 2048;

    /** Whether an address lies on it: a signal that comes now stays there. */
    static boolean holds(Task task, long sp) {
        return (task.altStackFlags & SS_AUTODISARM) == 0
                && Long.compareUnsigned(sp, task.altStack) > 0
                && Long.compareUnsigned(sp - task.altStack, task.altStackSize) <= 0;
    }

    static void encode(Task task, byte[] to, int at) {
        int state = task.altStackSize == 0 ? SS_DISABLE : holds(task, task.regs[SP]) ? SS_ONSTACK : 0;
        Le.put64(to, at, task.altStack);
        Le.put32(to, at + 8, state | task.altStackFlags);
        Le.put32(to, at + 12, 0);
        Le.put64(to, at + 16, task.altStackSize);
    }

    /** What a signal does to the setting once the frame holds it. */
    static void entered(Task task) {
        if ((task.altStackFlags & SS_AUTODISARM) != 0) {
            disable(task);
        }
    }

    static void disable(Task task) {
        task.altStack = 0;
        task.altStackSize = 0;
        task.altStackFlags = 0;
    }

    /** Sets it from a stack_t. @return 0, -EPERM, -EINVAL, -ENOMEM */
    static long decode(Task task, byte[] from, int at) {
        if (holds(task, task.regs[SP])) {
            return -EPERM;
        }
        int flags = Le.i32(from, at + 8);
        int mode = flags & ~SS_AUTODISARM;
        if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0) {
            return -EINVAL;
        }
        if (mode == SS_DISABLE) {
            disable(task);
            task.altStackFlags = flags & SS_AUTODISARM;
            return 0;
        }
        long size = Le.i64(from, at + 16);
        if (Long.compareUnsigned(size, LEAST) < 0) {
            return -ENOMEM;
        }
        task.altStack = Le.i64(from, at);
        task.altStackSize = size;
        task.altStackFlags = flags & SS_AUTODISARM;
        return 0;
    }

    /** sigaltstack(2). */
    static long call(Task task, User user, long newVa, long oldVa) {
        byte[] old = new byte[SIZE];
        encode(task, old, 0);
        if (newVa != 0) {
            if (!user.read(task, newVa, SIZE)) {
                return -EFAULT;
            }
            long bad = decode(task, user.bytes, 0);
            if (bad != 0) {
                return bad;
            }
        }
        if (oldVa == 0) {
            return 0;
        }
        System.arraycopy(old, 0, user.bytes, 0, SIZE);
        return user.give(task, oldVa, SIZE);
    }

    private AltStack() {}
}
