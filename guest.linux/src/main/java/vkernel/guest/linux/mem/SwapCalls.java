package vkernel.guest.linux.mem;

import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Task;
import vkernel.task.WaitQueue;

/** swapon(2), swapoff(2). The last part of a path is the name of a block file of the machine; it needs no mkswap(8). */
public final class SwapCalls implements CallGroup {
    /** SWAP_FLAG_PREFER, its priority, and SWAP_FLAG_DISCARD*: there is one area, so they change nothing. */
    private static final int FLAGS = 0x7ffff;
    /** Pages that come back at a time. */
    private static final int BATCH = 64;

    private final Kernel kernel;
    private final User user;
    /** Always awake: a swapoff that is not done is made again. */
    private final WaitQueue again = new WaitQueue();

    public SwapCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.SWAPON, "block files of the machine only, one at a time; priorities change nothing");
        table.full(this, Nr.SWAPOFF);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SWAPON -> swapon(task, a0, (int) a1);
            case Nr.SWAPOFF -> swapoff(task, a0);
            default -> throw Table.unclaimed(call);
        };
    }

    private long swapon(Task task, long va, int flags) {
        Result<String> name = name(task, va);
        return !name.ok()
                ? name.error()
                : (flags & ~FLAGS) != 0 ? -EINVAL : kernel.vm().swapOn(name.value());
    }

    private long swapoff(Task task, long va) {
        Result<String> name = name(task, va);
        long left = name.ok() ? kernel.vm().swapOff(name.value(), BATCH) : name.error();
        if (left <= 0) {
            return left;
        }
        task.waitOn(again);
        kernel.wake(again);
        return Kernel.BLOCKED;
    }

    private Result<String> name(Task task, long va) {
        if (!task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return Result.error(-EPERM);
        }
        Result<String> path = user.path(task, va);
        return path.ok() ? Result.of(path.value().substring(path.value().lastIndexOf('/') + 1)) : path;
    }
}
