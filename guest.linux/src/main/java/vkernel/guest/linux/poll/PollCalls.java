package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINTR;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Kernel.BLOCKED;
import static vkernel.task.Registers.A2;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Le;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Limits;
import vkernel.task.Task;

/** ppoll(2). struct pollfd: descriptor at 0, events at 4, revents at 6. */
public final class PollCalls implements CallGroup {
    private static final int SIZE = 8;
    private static final int ALWAYS = Mode.POLLERR | Mode.POLLHUP;

    private final Kernel kernel;
    private final Waits waits;
    private byte[] fds = new byte[64 * SIZE];

    public PollCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        waits = new Waits(kernel, user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.PPOLL);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.PPOLL -> ppoll(task, a0, a1, a2, a3, a4);
            default -> throw Table.unclaimed(call);
        };
    }

    @Override
    public long interrupted(int call, Task task) {
        waits.giveLeft(task, task.regs[A2]);
        return -EINTR;
    }

    private long ppoll(Task task, long va, long count, long timeout, long mask, long maskSize) {
        int n = (int) count;
        if (n < 0 || Long.compareUnsigned(n, task.process.softLimits[Limits.NOFILE]) > 0) {
            return -EINVAL;
        }
        long bad = waits.begin(task, timeout, mask, maskSize);
        if (bad != 0) {
            return bad;
        }
        if (fds.length < n * SIZE) {
            fds = new byte[Math.max(n * SIZE, 2 * fds.length)];
        }
        if (!kernel.vm().read(task.memory(), va, fds, 0, n * SIZE)) {
            return -EFAULT;
        }
        int ready = ask(task, n, null);
        if (ready == 0 && waits.goesOn(task)) {
            ask(task, n, task);
            return BLOCKED;
        }
        if (!kernel.vm().write(task.memory(), va, fds, 0, n * SIZE)) {
            return -EFAULT;
        }
        waits.giveLeft(task, timeout);
        return ready;
    }

    /** Asks every file. @param waiter put on their queues, or null. @return how many have news */
    private int ask(Task task, int n, @Nullable Task waiter) {
        int ready = 0;
        for (int at = 0; at < n * SIZE; at += SIZE) {
            int fd = Le.i32(fds, at);
            int wanted = Le.u16(fds, at + 4) | ALWAYS;
            int news = fd < 0 ? 0 : events(task.files.get(fd), waiter) & (wanted | Mode.POLLNVAL);
            Le.put16(fds, at + 6, news);
            if (news != 0) {
                ready++;
            }
        }
        return ready;
    }

    /** What is so of a file now. */
    static int events(@Nullable OpenFile file, @Nullable Task waiter) {
        return file == null || (file.flags & Mode.O_PATH) != 0
                ? Mode.POLLNVAL
                : file.ops().poll(file, waiter);
    }
}
