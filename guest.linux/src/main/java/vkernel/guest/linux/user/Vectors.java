package vkernel.guest.linux.user;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;

import vkernel.fs.IoBuffer;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** Arguments that say where bytes are to go: a range of memory, or an array of struct iovec (readv(2)). */
public final class Vectors {
    /** Most ranges of one call. */
    public static final int IOV_MAX = 1024;
    /** Most bytes of one call (MAX_RW_COUNT). */
    public static final long MAX_BYTES = 0x7fff_f000L;

    private final Kernel kernel;
    private final User user;
    private final long[] ranges = new long[2 * IOV_MAX];
    private int count;

    public Vectors(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    /** Takes one range. @return its length, cut to {@link #MAX_BYTES}; -EFAULT when it is not in user space */
    public long range(long va, long length) {
        if (outside(va, length)) {
            return -EFAULT;
        }
        ranges[0] = va;
        ranges[1] = Math.min(length, MAX_BYTES);
        count = 1;
        return ranges[1];
    }

    /** Takes an array of iovecs. @return bytes in all, cut to {@link #MAX_BYTES}; -EINVAL, -EFAULT */
    public long iovecs(Task task, long va, long n) {
        if (n < 0 || n > IOV_MAX) {
            return -EINVAL;
        }
        if (!user.read(task, va, (int) n * 16)) {
            return -EFAULT;
        }
        long total = 0;
        count = (int) n;
        for (int i = 0; i < count; i++) {
            long length = user.i64(i * 16 + 8);
            if (length < 0) {
                return -EINVAL;
            }
            if (outside(user.i64(i * 16), length)) {
                return -EFAULT;
            }
            ranges[2 * i] = user.i64(i * 16);
            ranges[2 * i + 1] = Math.min(length, MAX_BYTES - total);
            total += ranges[2 * i + 1];
        }
        return total;
    }

    /** The ranges as a buffer, without their first {@code skip} bytes. */
    public IoBuffer buffer(Task task, long skip) {
        for (int i = 0; i < count && skip > 0; i++) {
            long cut = Math.min(skip, ranges[2 * i + 1]);
            ranges[2 * i] += cut;
            ranges[2 * i + 1] -= cut;
            skip -= cut;
        }
        return count == 1
                ? kernel.vm().buffer(task, ranges[0], ranges[1])
                : kernel.vm().buffer(task, ranges, count);
    }

    /** Whether a range does not lie in user space (access_ok()). */
    public static boolean outside(long va, long length) {
        return length < 0 || va < 0 || va > AddressSpace.END - length;
    }
}
