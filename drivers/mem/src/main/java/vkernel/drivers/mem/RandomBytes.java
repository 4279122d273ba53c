package vkernel.drivers.mem;

import vkernel.fs.IoBuffer;
import vkernel.host.Entropy;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** /dev/random and /dev/urandom: the host's entropy, which never runs dry (random(4)). */
final class RandomBytes {
    private static final int RNDGETENTCNT = 0x80045200;
    /** Bits that the pool is said to hold: full. */
    private static final byte[] POOL = {0, 1, 0, 0};

    private final Kernel kernel;
    private final Entropy entropy;
    private final byte[] chunk = new byte[4096];

    RandomBytes(Kernel kernel, Entropy entropy) {
        this.kernel = kernel;
        this.entropy = entropy;
    }

    long read(IoBuffer to) {
        long total = 0;
        while (to.remaining() > 0) {
            int want = (int) Math.min(chunk.length, to.remaining());
            entropy.fill(chunk, 0, want);
            int n = to.put(chunk, 0, want);
            total += n;
            if (n < want) {
                break;
            }
        }
        return total == 0 && to.faulted() ? -Errno.EFAULT : total;
    }

    /** What is written would stir the pool; the host's needs no stirring. */
    long write(IoBuffer from) {
        long total = 0;
        for (int n; (n = from.get(chunk, 0, (int) Math.min(chunk.length, from.remaining()))) > 0; ) {
            total += n;
        }
        return total == 0 && from.faulted() ? -Errno.EFAULT : total;
    }

    long ioctl(Task task, int command, long argument) {
        if (command != RNDGETENTCNT) {
            return -Errno.EINVAL;
        }
        return kernel.vm().write(task.memory(), argument, POOL, 0, POOL.length) ? 0 : -Errno.EFAULT;
    }
}
