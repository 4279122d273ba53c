package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Kernel.BLOCKED;

import org.jspecify.annotations.Nullable;
import vkernel.fs.FileOps;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.signal.Siginfo;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.time.Timers;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** signalfd(2): the reader's own pending signals, to be read. The file's data is the mask. */
public final class SignalFds implements FileOps, CallGroup {
    private static final String KIND = "signalfd";
    private static final int SIZE = 128;
    private static final int SET_SIZE = 8;

    private final Kernel kernel;
    private final User user;
    private final Timers timers;
    private final EventFiles files;
    private final byte[] record = new byte[SIZE];

    public SignalFds(Kernel kernel, User user, Timers timers, EventFiles files) {
        this.kernel = kernel;
        this.user = user;
        this.timers = timers;
        this.files = files;
        files.serve(KIND, this);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.SIGNALFD4);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SIGNALFD4 -> signalfd(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private long signalfd(Task task, long fd, long maskVa, long size, long flags) {
        if (size != SET_SIZE || ((int) flags & ~(Mode.O_NONBLOCK | Mode.O_CLOEXEC)) != 0) {
            return -EINVAL;
        }
        if (!user.read(task, maskVa, SET_SIZE)) {
            return -EFAULT;
        }
        Long mask = user.i64(0) & ~Signal.UNBLOCKABLE;
        if ((int) fd == -1) {
            return files.open(task, KIND, mask, (int) flags);
        }
        @Nullable OpenFile file = task.files.get((int) fd);
        if (file == null || file.ops() != this) {
            return file == null ? -EBADF : -EINVAL;
        }
        file.data = mask;
        kernel.wake(task.handlers.news);
        return fd;
    }

    private static long mask(OpenFile file) {
        return file.data instanceof Long mask ? mask : 0;
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        if (to.remaining() < SIZE) {
            return -EINVAL;
        }
        long done = 0;
        while (to.remaining() >= SIZE) {
            @Nullable SigInfo info = take(task, ~mask(file));
            if (info == null) {
                break;
            }
            Siginfo.encodeForSignalfd(timers.taken(task.process, info), record);
            if (to.put(record, 0, SIZE) != SIZE) {
                return done > 0 ? done : -EFAULT;
            }
            done += SIZE;
        }
        if (done > 0) {
            kernel.recheckSignals(task);
            return done;
        }
        if (file.nonblocking()) {
            return -EAGAIN;
        }
        task.waitOn(task.handlers.news);
        return BLOCKED;
    }

    private static @Nullable SigInfo take(Task task, long others) {
        SigInfo info = task.pending.take(others);
        return info != null ? info : task.process.pending.take(others);
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    /** Whose signals: those of the task that asks. */
    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        Task task = waiter != null ? waiter : kernel.current();
        if (task == null) {
            return 0;
        }
        if (waiter != null) {
            waiter.waitOn(task.handlers.news);
        }
        long pending = task.pending.set() | task.process.pending.set();
        return (pending & mask(file)) == 0 ? 0 : Mode.POLLIN | Mode.POLLRDNORM;
    }
}
