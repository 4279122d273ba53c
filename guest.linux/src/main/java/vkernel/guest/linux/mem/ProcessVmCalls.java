package vkernel.guest.linux.mem;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.proc.Permission;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.guest.linux.user.Vectors;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** process_vm_readv(2), process_vm_writev(2): memory of another process, for whoever may trace it. */
public final class ProcessVmCalls implements CallGroup {
    private static final int PIECE = 1 << 15;

    private final Kernel kernel;
    private final User user;
    private final byte[] piece = new byte[PIECE];

    public ProcessVmCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.PROCESS_VM_READV, Nr.PROCESS_VM_WRITEV);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.PROCESS_VM_READV -> move(task, a0, a1, a2, a3, a4, a5, false);
            case Nr.PROCESS_VM_WRITEV -> move(task, a0, a1, a2, a3, a4, a5, true);
            default -> throw Table.unclaimed(call);
        };
    }

    /** The ranges of an array of struct iovec: address and length in turn; null when it faults or makes no sense. */
    private long @Nullable [] ranges(Task task, long va, long count) {
        if (!user.read(task, va, (int) count * 16)) {
            return null;
        }
        long[] ranges = new long[(int) count * 2];
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = user.i64(i * 8);
        }
        return ranges;
    }

    private static boolean negative(long[] ranges) {
        for (int i = 1; i < ranges.length; i += 2) {
            if (ranges[i] < 0) {
                return true;
            }
        }
        return false;
    }

    private long move(Task task, long pid, long localVa, long n, long remoteVa, long m, long flags, boolean write) {
        if (flags != 0 || n < 0 || n > Vectors.IOV_MAX || m < 0 || m > Vectors.IOV_MAX) {
            return -EINVAL;
        }
        long[] local = ranges(task, localVa, n);
        long[] remote = ranges(task, remoteVa, m);
        if (local == null || remote == null) {
            return -EFAULT;
        }
        if (negative(local) || negative(remote)) {
            return -EINVAL;
        }
        if (n == 0 || m == 0) {
            return 0;
        }
        Task other = kernel.processes().task((int) pid);
        if (other == null || other.memory == null) {
            return -ESRCH;
        }
        if (!Permission.trace(task, other)) {
            return -EPERM;
        }
        AddressSpace from = write ? task.memory() : other.memory();
        AddressSpace to = write ? other.memory() : task.memory();
        return copy(from, write ? local : remote, to, write ? remote : local);
    }

    /** Copies as far as both sides go. @return bytes, or -EFAULT for none */
    private long copy(AddressSpace from, long[] source, AddressSpace to, long[] target) {
        long done = 0;
        int s = 0;
        int t = 0;
        while (s < source.length && t < target.length && done < Vectors.MAX_BYTES) {
            int length = (int) Math.min(Math.min(source[s + 1], target[t + 1]), PIECE);
            if (length > 0
                    && (!kernel.vm().read(from, source[s], piece, 0, length)
                            || !kernel.vm().write(to, target[t], piece, 0, length))) {
                return done > 0 ? done : -EFAULT;
            }
            done += length;
            source[s] += length;
            target[t] += length;
            source[s + 1] -= length;
            target[t + 1] -= length;
            s += source[s + 1] == 0 ? 2 : 0;
            t += t < target.length && target[t + 1] == 0 ? 2 : 0;
        }
        return done;
    }
}
