package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EEXIST;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ELOOP;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOSPC;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Kernel.BLOCKED;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import vkernel.abi.Bounds;
import vkernel.fs.Eventpoll;
import vkernel.fs.Eventpoll.Interest;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** epoll_create1(2), epoll_ctl(2), epoll_pwait(2). struct epoll_event of riscv: events at 0, data at 8. */
public final class EpollCalls implements CallGroup {
    private static final String KIND = "eventpoll";
    private static final int ADD = 1;
    private static final int DEL = 2;
    private static final int MOD = 3;
    private static final int EVENT_SIZE = 16;
    private static final int MOST_AT_ONCE = 1024;
    private static final long MILLI = 1_000_000;

    private final Kernel kernel;
    private final User user;
    private final Waits waits;
    private final Epolls epolls;
    private final EventFiles files;
    private final Supplier<Bounds> bounds;
    private final int[] events = new int[MOST_AT_ONCE];

    public EpollCalls(Kernel kernel, User user, EventFiles files, Supplier<Bounds> bounds) {
        this.bounds = bounds;
        this.kernel = kernel;
        this.user = user;
        waits = new Waits(kernel, user);
        epolls = new Epolls(kernel);
        this.files = files;
        files.serve(KIND, epolls);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.EPOLL_CREATE1, Nr.EPOLL_PWAIT, Nr.EPOLL_PWAIT2);
        table.partial(
                this,
                Nr.EPOLL_CTL,
                "EPOLLEXCLUSIVE wakes all, EPOLLWAKEUP means nothing; fs.epoll.max_user_watches is of each epoll");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.EPOLL_CREATE1 -> create(task, a0);
            case Nr.EPOLL_CTL -> ctl(task, a0, a1, a2, a3);
            case Nr.EPOLL_PWAIT -> pwait(task, a0, a1, a2, a3, a4, a5);
            case Nr.EPOLL_PWAIT2 -> pwait2(task, a0, a1, a2, a3, a4, a5);
            default -> throw Table.unclaimed(call);
        };
    }

    private long create(Task task, long flags) {
        return ((int) flags & ~Mode.O_CLOEXEC) != 0 ? -EINVAL : files.open(task, KIND, new Eventpoll(), (int) flags);
    }

    private long ctl(Task task, long epfd, long op, long fd, long va) {
        if ((int) op != DEL && !user.read(task, va, EVENT_SIZE)) {
            return -EFAULT;
        }
        @Nullable OpenFile self = task.files.get((int) epfd);
        @Nullable OpenFile file = task.files.get((int) fd);
        if (self == null || file == null) {
            return -EBADF;
        }
        int type = file.inode().type();
        if (type == Mode.S_IFREG || type == Mode.S_IFDIR) {
            return -EPERM;
        }
        if (self == file || !(self.data instanceof Eventpoll epoll)) {
            return -EINVAL;
        }
        return change(epoll, (int) op, file, (int) fd);
    }

    private long change(Eventpoll epoll, int op, OpenFile file, int fd) {
        @Nullable Interest interest = Epolls.find(epoll, file, fd);
        switch (op) {
            case ADD -> {
                if (interest != null) {
                    return -EEXIST;
                }
                if (Epolls.loops(epoll, file, 0)) {
                    return -ELOOP;
                }
                if (epoll.interests.size() >= bounds.get().epollWatches) {
                    return -ENOSPC;
                }
                interest = new Interest(file, fd);
                epoll.interests.add(interest);
            }
            case MOD, DEL -> {
                if (interest == null) {
                    return -ENOENT;
                }
            }
            default -> {
                return -EINVAL;
            }
        }
        if (op == DEL) {
            epoll.interests.remove(interest);
            return 0;
        }
        interest.events = user.i32(0);
        interest.data = user.i64(8);
        interest.spent = false;
        interest.wakes = -1;
        kernel.wake(epoll.changed);
        return 0;
    }

    private long pwait(Task task, long epfd, long va, long most, long timeout, long mask, long maskSize) {
        long nanos = (int) timeout < 0 ? Times.MAX : (int) timeout * MILLI;
        return wait(task, epfd, va, (int) most, waits.beginFor(task, nanos, mask, maskSize));
    }

    private long pwait2(Task task, long epfd, long va, long most, long timeout, long mask, long maskSize) {
        return wait(task, epfd, va, (int) most, waits.begin(task, timeout, mask, maskSize));
    }

    private long wait(Task task, long epfd, long va, int most, long bad) {
        if (bad != 0) {
            return bad;
        }
        if (most <= 0 || most > Integer.MAX_VALUE / EVENT_SIZE) {
            return -EINVAL;
        }
        @Nullable OpenFile file = task.files.get((int) epfd);
        if (file == null || !(file.data instanceof Eventpoll epoll)) {
            return file == null ? -EBADF : -EINVAL;
        }
        Interest[] found = new Interest[Math.min(most, Math.min(MOST_AT_ONCE, epoll.interests.size()))];
        int n = epolls.collect(task, epoll, found, events);
        if (n == 0 && waits.goesOn(task)) {
            Epolls.await(task, epoll);
            return BLOCKED;
        }
        for (int i = 0; i < n; i++) {
            user.put32(i * EVENT_SIZE, events[i]);
            user.put32(i * EVENT_SIZE + 4, 0);
            user.put64(i * EVENT_SIZE + 8, found[i].data);
        }
        return user.write(task, va, n * EVENT_SIZE) ? n : -EFAULT;
    }
}
