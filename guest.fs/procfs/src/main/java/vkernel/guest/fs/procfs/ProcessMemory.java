package vkernel.guest.fs.procfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.IoBuffer;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** /proc/PID/mem: a process's memory at its addresses. */
final class ProcessMemory {
    private final Kernel kernel;
    private final byte[] page = new byte[4096];

    ProcessMemory(Kernel kernel) {
        this.kernel = kernel;
    }

    /** @return bytes; 0 when the process has no memory any more; -EIO where nothing is mapped */
    long read(@Nullable Task task, IoBuffer to, long address) {
        if (task == null || task.memory == null) {
            return 0;
        }
        long total = 0;
        while (to.remaining() > 0) {
            int want = (int) Math.min(page.length, to.remaining());
            int there = kernel.vm().peek(task.memory, address + total, page, 0, want);
            int moved = there <= 0 ? 0 : to.put(page, 0, there);
            total += moved;
            if (moved < want) {
                break;
            }
        }
        return total > 0 || to.remaining() == 0 ? total : to.faulted() ? -Errno.EFAULT : -Errno.EIO;
    }

    long write(@Nullable Task task, IoBuffer from, long address) {
        if (task == null || task.memory == null) {
            return 0;
        }
        long total = 0;
        while (from.remaining() > 0) {
            int there = from.get(page, 0, (int) Math.min(page.length, from.remaining()));
            int moved = there <= 0 ? 0 : Math.max(0, kernel.vm().poke(task.memory, address + total, page, 0, there));
            total += moved;
            if (moved < page.length) {
                break;
            }
        }
        return total > 0 || from.remaining() == 0 ? total : from.faulted() ? -Errno.EFAULT : -Errno.EIO;
    }
}
