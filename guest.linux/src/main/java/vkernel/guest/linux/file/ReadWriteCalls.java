package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Errno.ESPIPE;
import static vkernel.kern.Kernel.BLOCKED;

import org.jspecify.annotations.Nullable;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.guest.linux.user.Vectors;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** read(2), write(2) and their kin. */
public final class ReadWriteCalls implements CallGroup {
    /** preadv2(2) flags that are hints here: all data is in memory. RWF_HIPRI, DSYNC, SYNC. */
    private static final int HINTS = 1 | 2 | 4;

    private final Kernel kernel;
    private final Vectors vectors;

    public ReadWriteCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        vectors = new Vectors(kernel, user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.READ, Nr.WRITE, Nr.READV, Nr.WRITEV, Nr.PREAD64, Nr.PWRITE64, Nr.PREADV, Nr.PWRITEV);
        table.partial(this, Nr.PREADV2, "RWF_NOWAIT is -EOPNOTSUPP");
        table.partial(this, Nr.PWRITEV2, "RWF_NOWAIT and RWF_APPEND are -EOPNOTSUPP");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.READ -> read(task, a0, a1, a2);
            case Nr.WRITE -> write(task, a0, a1, a2);
            case Nr.READV -> readv(task, a0, a1, a2);
            case Nr.WRITEV -> writev(task, a0, a1, a2);
            case Nr.PREAD64 -> pread(task, a0, a1, a2, a3);
            case Nr.PWRITE64 -> pwrite(task, a0, a1, a2, a3);
            case Nr.PREADV -> preadv(task, a0, a1, a2, a3);
            case Nr.PWRITEV -> pwritev(task, a0, a1, a2, a3);
            case Nr.PREADV2 -> preadv2(task, a0, a1, a2, a3, a4, a5);
            case Nr.PWRITEV2 -> pwritev2(task, a0, a1, a2, a3, a4, a5);
            default -> throw Table.unclaimed(call);
        };
    }

    private long read(Task task, long fd, long va, long length) {
        @Nullable OpenFile file = readable(task, fd);
        return file == null ? -EBADF : read(task, file, vectors.range(va, length), -1);
    }

    private long readv(Task task, long fd, long iov, long count) {
        @Nullable OpenFile file = readable(task, fd);
        return file == null ? -EBADF : read(task, file, vectors.iovecs(task, iov, count), -1);
    }

    private long pread(Task task, long fd, long va, long length, long position) {
        if (position < 0 || length > 0 && position + length < 0) {
            return -EINVAL;
        }
        @Nullable OpenFile file = readable(task, fd);
        long bad = positioned(file);
        return file == null || bad != 0 ? bad : read(task, file, vectors.range(va, length), position);
    }

    private long preadv(Task task, long fd, long iov, long count, long position) {
        if (position < 0) {
            return -EINVAL;
        }
        @Nullable OpenFile file = readable(task, fd);
        long bad = positioned(file);
        return file == null || bad != 0 ? bad : read(task, file, vectors.iovecs(task, iov, count), position);
    }

    private long preadv2(Task task, long fd, long iov, long count, long low, long high, long flags) {
        if (((int) flags & ~HINTS) != 0) {
            return -EOPNOTSUPP;
        }
        return low == -1 ? readv(task, fd, iov, count) : preadv(task, fd, iov, count, low);
    }

    private long read(Task task, OpenFile file, long total, long position) {
        return total < 0 ? total : kernel.vfs().read(task, file, vectors.buffer(task, 0), position);
    }

    private long write(Task task, long fd, long va, long length) {
        @Nullable OpenFile file = writable(task, fd);
        return file == null ? -EBADF : write(task, file, vectors.range(va, length), -1);
    }

    private long writev(Task task, long fd, long iov, long count) {
        @Nullable OpenFile file = writable(task, fd);
        return file == null ? -EBADF : write(task, file, vectors.iovecs(task, iov, count), -1);
    }

    private long pwrite(Task task, long fd, long va, long length, long position) {
        if (position < 0 || length > 0 && position + length < 0) {
            return -EINVAL;
        }
        @Nullable OpenFile file = writable(task, fd);
        long bad = positioned(file);
        return file == null || bad != 0 ? bad : write(task, file, vectors.range(va, length), position);
    }

    private long pwritev(Task task, long fd, long iov, long count, long position) {
        if (position < 0) {
            return -EINVAL;
        }
        @Nullable OpenFile file = writable(task, fd);
        long bad = positioned(file);
        return file == null || bad != 0 ? bad : write(task, file, vectors.iovecs(task, iov, count), position);
    }

    private long pwritev2(Task task, long fd, long iov, long count, long low, long high, long flags) {
        if (((int) flags & ~HINTS) != 0) {
            return -EOPNOTSUPP;
        }
        return low == -1 ? writev(task, fd, iov, count) : pwritev(task, fd, iov, count, low);
    }

    /**
     * Writes all of the buffer. What cannot be seeked (pipe, terminal) may take it in parts; what has been taken is
     * kept in the restart record while the task waits for room.
     */
    private long write(Task task, OpenFile file, long total, long position) {
        if (total < 0) {
            return total;
        }
        long done = task.restart.done;
        IoBuffer from = vectors.buffer(task, done);
        while (true) {
            long n = kernel.vfs().write(task, file, from, position);
            if (n == BLOCKED) {
                task.restart.done = done;
                return BLOCKED;
            }
            if (n < 0) {
                return done > 0 ? done : n;
            }
            done += n;
            if (n == 0
                    || done >= total
                    || from.faulted()
                    || file.nonblocking()
                    || file.ops().seekable(file)) {
                return done;
            }
        }
    }

    private static @Nullable OpenFile readable(Task task, long fd) {
        OpenFile file = task.files.get((int) fd);
        return file != null && file.readable() ? file : null;
    }

    private static @Nullable OpenFile writable(Task task, long fd) {
        OpenFile file = task.files.get((int) fd);
        return file != null && file.writable() ? file : null;
    }

    private static long positioned(@Nullable OpenFile file) {
        if (file == null) {
            return -EBADF;
        }
        return file.ops().seekable(file) || file.inode().type() == Mode.S_IFDIR ? 0 : -ESPIPE;
    }
}
