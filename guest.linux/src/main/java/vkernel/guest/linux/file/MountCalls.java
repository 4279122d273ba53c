package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** mount(2), umount2(2). */
public final class MountCalls implements CallGroup {
    /** MS_MGC_VAL in the upper half, from old programs. */
    private static final long MAGIC = 0xc0ed_0000L;

    private static final int UMOUNT_NOFOLLOW = 8;

    private final Kernel kernel;
    private final User user;
    private final Places places;

    public MountCalls(Kernel kernel, User user, Places places) {
        this.kernel = kernel;
        this.user = user;
        this.places = places;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.UMOUNT2);
        table.partial(this, Nr.MOUNT, "new mounts, MS_BIND, MS_REMOUNT, MS_MOVE; nothing is passed on to other mounts");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.MOUNT -> mount(task, a0, a1, a2, a3, a4);
            case Nr.UMOUNT2 -> umount(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long mount(Task task, long source, long target, long type, long flags, long data) {
        Result<String> from = optional(task, source);
        Result<String> kind = optional(task, type);
        Result<String> options = optional(task, data);
        for (Result<String> argument : java.util.List.of(from, kind, options)) {
            if (!argument.ok()) {
                return argument.error();
            }
        }
        Result<Path> point = places.at(task, Places.AT_FDCWD, target, Vfs.FOLLOW);
        if (!point.ok()) {
            return point.error();
        }
        if (!task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        long known = (flags & 0xffff_0000L) == MAGIC ? flags & 0xffff : flags;
        return kernel.vfs().mount(task, from.value(), point.value(), kind.value(), known, options.value());
    }

    private Result<String> optional(Task task, long va) {
        return va == 0 ? Result.of("") : user.string(task, va, User.PATH_MAX - 1, EINVAL);
    }

    private long umount(Task task, long target, long flags) {
        if (((int) flags & ~0xf) != 0) {
            return -EINVAL;
        }
        int walk = (flags & UMOUNT_NOFOLLOW) != 0 ? 0 : Vfs.FOLLOW;
        Result<Path> root = places.at(task, Places.AT_FDCWD, target, walk);
        if (!root.ok()) {
            return root.error();
        }
        return task.credentials.can(Credentials.CAP_SYS_ADMIN)
                ? kernel.vfs().umount(task, root.value(), (int) flags)
                : -EPERM;
    }
}
