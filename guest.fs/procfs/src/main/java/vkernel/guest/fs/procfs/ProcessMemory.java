package vkernel.guest.fs.procfs;

import vkernel.fs.IoBuffer;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.vm.AddressSpace;

/**
 * /proc/PID/mem and environ: a process's memory. What was opened is the address space of then: once the process has
 * let go of it (execve, exit) nothing is read any more, as in Linux.
 */
final class ProcessMemory {
    private final Kernel kernel;
    private final byte[] page = new byte[4096];

    ProcessMemory(Kernel kernel) {
        this.kernel = kernel;
    }

    /** @return bytes; 0 when nobody uses the memory any more; -EIO where nothing is mapped */
    long read(AddressSpace space, IoBuffer to, long address) {
        if (space.users == 0) {
            return 0;
        }
        long total = 0;
        while (to.remaining() > 0) {
            int want = (int) Math.min(page.length, to.remaining());
            int there = kernel.vm().peek(space, address + total, page, 0, want);
            int moved = there <= 0 ? 0 : to.put(page, 0, there);
            total += moved;
            if (moved < want) {
                break;
            }
        }
        return total > 0 || to.remaining() == 0 ? total : to.faulted() ? -Errno.EFAULT : -Errno.EIO;
    }

    /** The environment that the program was started with. */
    long environment(AddressSpace space, IoBuffer to, long position) {
        long left = space.envEnd - space.envStart - position;
        if (space.users == 0 || left <= 0) {
            return 0;
        }
        byte[] bytes = new byte[(int) Math.min(Math.min(left, to.remaining()), 1 << 16)];
        int there = kernel.vm().peek(space, space.envStart + position, bytes, 0, bytes.length);
        int moved = there <= 0 ? 0 : to.put(bytes, 0, there);
        return moved == 0 && to.faulted() ? -Errno.EFAULT : moved;
    }

    long write(AddressSpace space, IoBuffer from, long address) {
        if (space.users == 0) {
            return 0;
        }
        long total = 0;
        while (from.remaining() > 0) {
            int there = from.get(page, 0, (int) Math.min(page.length, from.remaining()));
            int moved = there <= 0 ? 0 : Math.max(0, kernel.vm().poke(space, address + total, page, 0, there));
            total += moved;
            if (moved < page.length) {
                break;
            }
        }
        return total > 0 || from.remaining() == 0 ? total : from.faulted() ? -Errno.EFAULT : -Errno.EIO;
    }
}
