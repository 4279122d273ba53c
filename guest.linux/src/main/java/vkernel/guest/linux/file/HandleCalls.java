package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Errno.EPERM;

import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Task;

/**
 * name_to_handle_at(2), open_by_handle_at(2): no file system here has handles, as some of Linux's have none. What is
 * wrong with the arguments is told first.
 */
public final class HandleCalls implements CallGroup {
    /** AT_HANDLE_MNT_ID_UNIQUE, AT_HANDLE_FID. */
    private static final int KINDS = 0x201;

    /** struct file_handle up to its bytes, and the most of those. */
    private static final int HEAD = 8, MAX_HANDLE = 128;

    private final User user;
    private final Places places;

    public HandleCalls(User user, Places places) {
        this.user = user;
        this.places = places;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.NAME_TO_HANDLE_AT, "no file system has handles: -EOPNOTSUPP");
        table.partial(this, Nr.OPEN_BY_HANDLE_AT, "no file system has handles: -EOPNOTSUPP");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.NAME_TO_HANDLE_AT -> nameToHandle(task, a0, a1, a4);
            case Nr.OPEN_BY_HANDLE_AT -> openByHandle(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long nameToHandle(Task task, long dir, long name, long flags) {
        if (((int) flags & ~(KINDS | Places.AT_SYMLINK_FOLLOW | Places.AT_EMPTY_PATH)) != 0) {
            return -EINVAL;
        }
        int walk = (((int) flags & Places.AT_SYMLINK_FOLLOW) != 0 ? Vfs.FOLLOW : 0)
                | (((int) flags & Places.AT_EMPTY_PATH) != 0 ? Vfs.EMPTY : 0);
        Result<Path> place = places.at(task, dir, name, walk);
        return place.ok() ? -EOPNOTSUPP : place.error();
    }

    private long openByHandle(Task task, long mountFd, long handle) {
        if ((int) mountFd != Places.AT_FDCWD && task.files.get((int) mountFd) == null) {
            return -EBADF;
        }
        if (!task.credentials.can(Credentials.CAP_DAC_READ_SEARCH)) {
            return -EPERM;
        }
        if (!user.read(task, handle, HEAD)) {
            return -EFAULT;
        }
        int bytes = user.i32(0);
        return bytes <= 0 || bytes > MAX_HANDLE ? -EINVAL : -EOPNOTSUPP;
    }
}
