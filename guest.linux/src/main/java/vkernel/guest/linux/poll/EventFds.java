package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Kernel.BLOCKED;

import org.jspecify.annotations.Nullable;
import vkernel.fs.EventCounter;
import vkernel.fs.FileOps;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Le;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** eventfd(2): a counter that can be waited for. */
public final class EventFds implements FileOps, CallGroup {
    private static final String KIND = "eventfd";
    private static final int EFD_SEMAPHORE = 1;
    private static final int SIZE = 8;

    private final Kernel kernel;
    private final EventFiles files;
    private final byte[] word = new byte[SIZE];

    public EventFds(Kernel kernel, EventFiles files) {
        this.kernel = kernel;
        this.files = files;
        files.serve(KIND, this);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.EVENTFD2);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.EVENTFD2 -> eventfd(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long eventfd(Task task, long count, long flags) {
        if (((int) flags & ~(EFD_SEMAPHORE | Mode.O_NONBLOCK | Mode.O_CLOEXEC)) != 0) {
            return -EINVAL;
        }
        boolean semaphore = ((int) flags & EFD_SEMAPHORE) != 0;
        return files.open(task, KIND, new EventCounter(count & 0xffff_ffffL, semaphore), (int) flags);
    }

    private static EventCounter counter(OpenFile file) {
        return (EventCounter) java.util.Objects.requireNonNull(file.data);
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        if (to.remaining() < SIZE) {
            return -EINVAL;
        }
        EventCounter counter = counter(file);
        if (counter.count == 0) {
            if (file.nonblocking()) {
                return -EAGAIN;
            }
            task.waitOn(counter.forCount);
            return BLOCKED;
        }
        long taken = counter.semaphore ? 1 : counter.count;
        counter.count -= taken;
        kernel.wake(counter.forRoom);
        Le.put64(word, 0, taken);
        return to.put(word, 0, SIZE) == SIZE ? SIZE : -EFAULT;
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        if (from.remaining() < SIZE) {
            return -EINVAL;
        }
        EventCounter counter = counter(file);
        if (from.get(word, 0, SIZE) != SIZE) {
            return -EFAULT;
        }
        long added = Le.i64(word, 0);
        if (added == -1) {
            return -EINVAL;
        }
        if (Long.compareUnsigned(added, -2 - counter.count) > 0) {
            from.back(SIZE);
            if (file.nonblocking()) {
                return -EAGAIN;
            }
            task.waitOn(counter.forRoom);
            return BLOCKED;
        }
        counter.count += added;
        if (added != 0) {
            kernel.wake(counter.forCount);
        }
        return SIZE;
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        EventCounter counter = counter(file);
        if (waiter != null) {
            waiter.waitOn(counter.forCount);
            waiter.waitOn(counter.forRoom);
        }
        return (counter.count != 0 ? Mode.POLLIN | Mode.POLLRDNORM : 0)
                | (Long.compareUnsigned(counter.count, -2) < 0 ? Mode.POLLOUT | Mode.POLLWRNORM : 0)
                | (counter.count == -1 ? Mode.POLLERR : 0);
    }
}
