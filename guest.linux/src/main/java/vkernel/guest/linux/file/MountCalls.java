package vkernel.guest.linux.file;

import static vkernel.guest.linux.table.Handler.of;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** mount(2), umount2(2). */
public final class MountCalls {
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

    public void table(Table table) {
        table.partial("mount", of(this::mount), "what Vfs has: new mounts, MS_BIND, MS_REMOUNT, MS_MOVE");
        table.partial("umount2", of(this::umount), "no MNT_EXPIRE");
    }

    private long mount(Task task, long source, long target, long type, long flags, long data) {
        if (!task.credentials.privileged()) {
            return -EPERM;
        }
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
        long known = (flags & 0xffff_0000L) == MAGIC ? flags & 0xffff : flags;
        return kernel.vfs().mount(task, from.value(), point.value(), kind.value(), known, options.value());
    }

    private Result<String> optional(Task task, long va) {
        return va == 0 ? Result.of("") : user.string(task, va, User.PATH_MAX - 1, EINVAL);
    }

    private long umount(Task task, long target, long flags) {
        if (((int) flags & ~0xb) != 0) {
            return -EINVAL;
        }
        if (!task.credentials.privileged()) {
            return -EPERM;
        }
        int walk = (flags & UMOUNT_NOFOLLOW) != 0 ? 0 : Vfs.FOLLOW;
        Result<Path> root = places.at(task, Places.AT_FDCWD, target, walk);
        return root.ok() ? kernel.vfs().umount(task, root.value(), (int) flags) : root.error();
    }
}
