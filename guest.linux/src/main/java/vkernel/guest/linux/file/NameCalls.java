package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.EPERM;

import vkernel.fs.Mode;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.file.Places.Name;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** Calls that make, move and remove names. */
public final class NameCalls implements CallGroup {
    private final Kernel kernel;
    private final User user;
    private final Places places;

    public NameCalls(Kernel kernel, User user, Places places) {
        this.kernel = kernel;
        this.user = user;
        this.places = places;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.MKNODAT, Nr.MKDIRAT, Nr.UNLINKAT, Nr.SYMLINKAT, Nr.LINKAT, Nr.READLINKAT);
        table.partial(this, Nr.RENAMEAT2, "RENAME_WHITEOUT on tmpfs alone");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.MKNODAT -> mknodat(task, a0, a1, a2, a3);
            case Nr.MKDIRAT -> mkdirat(task, a0, a1, a2);
            case Nr.UNLINKAT -> unlinkat(task, a0, a1, a2);
            case Nr.SYMLINKAT -> symlinkat(task, a0, a1, a2);
            case Nr.LINKAT -> linkat(task, a0, a1, a2, a3, a4);
            case Nr.RENAMEAT2 -> renameat2(task, a0, a1, a2, a3, a4);
            case Nr.READLINKAT -> readlinkat(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private long mknodat(Task task, long dirfd, long path, long mode, long device) {
        int type = (int) mode & Mode.S_IFMT;
        if (type == Mode.S_IFDIR) {
            return -EPERM;
        }
        if (type == Mode.S_IFLNK) {
            return -EINVAL;
        }
        Result<Name> name = places.name(task, dirfd, path);
        if (!name.ok()) {
            return name.error();
        }
        int full = (type == 0 ? Mode.S_IFREG : type) | (int) mode & 07777;
        return kernel.vfs().mknod(task, name.value().base(), name.value().path(), full, device & 0xffff_ffffL);
    }

    private long mkdirat(Task task, long dirfd, long path, long mode) {
        Result<Name> name = places.name(task, dirfd, path);
        return name.ok()
                ? kernel.vfs().mkdir(task, name.value().base(), name.value().path(), (int) mode & 01777)
                : name.error();
    }

    private long unlinkat(Task task, long dirfd, long path, long flags) {
        if (((int) flags & ~Places.AT_REMOVEDIR) != 0) {
            return -EINVAL;
        }
        Result<Name> name = places.name(task, dirfd, path);
        if (!name.ok()) {
            return name.error();
        }
        Name n = name.value();
        return flags == 0
                ? kernel.vfs().unlink(task, n.base(), n.path())
                : kernel.vfs().rmdir(task, n.base(), n.path());
    }

    private long symlinkat(Task task, long target, long dirfd, long path) {
        Result<String> to = user.path(task, target);
        if (!to.ok()) {
            return to.error();
        }
        if (to.value().isEmpty()) {
            return -ENOENT;
        }
        Result<Name> name = places.name(task, dirfd, path);
        return name.ok()
                ? kernel.vfs()
                        .symlink(
                                task,
                                to.value(),
                                name.value().base(),
                                name.value().path())
                : name.error();
    }

    private long linkat(Task task, long oldDirfd, long oldPath, long newDirfd, long newPath, long flags) {
        if (((int) flags & ~(Places.AT_SYMLINK_FOLLOW | Places.AT_EMPTY_PATH)) != 0) {
            return -EINVAL;
        }
        if ((flags & Places.AT_EMPTY_PATH) != 0 && !task.credentials.can(Credentials.CAP_DAC_READ_SEARCH)) {
            return -ENOENT;
        }
        int walk = ((flags & Places.AT_SYMLINK_FOLLOW) != 0 ? Vfs.FOLLOW : 0)
                | ((flags & Places.AT_EMPTY_PATH) != 0 ? Vfs.EMPTY : 0);
        Result<Path> target = places.at(task, oldDirfd, oldPath, walk);
        if (!target.ok()) {
            return target.error();
        }
        Result<Name> name = places.name(task, newDirfd, newPath);
        return name.ok()
                ? kernel.vfs()
                        .link(
                                task,
                                target.value(),
                                name.value().base(),
                                name.value().path())
                : name.error();
    }

    private long renameat2(Task task, long oldDirfd, long oldPath, long newDirfd, long newPath, long flags) {
        int how = (int) flags;
        if ((how & ~7) != 0 || (how & 2) != 0 && (how & 5) != 0) {
            return -EINVAL;
        }
        Result<Name> from = places.name(task, oldDirfd, oldPath);
        if (!from.ok()) {
            return from.error();
        }
        Result<Name> to = places.name(task, newDirfd, newPath);
        if (!to.ok()) {
            return to.error();
        }
        Name a = from.value();
        Name b = to.value();
        return kernel.vfs().rename(task, a.base(), a.path(), b.base(), b.path(), how);
    }

    private long readlinkat(Task task, long dirfd, long path, long va, long size) {
        if ((int) size <= 0) {
            return -EINVAL;
        }
        Result<Path> link = places.at(task, dirfd, path, Vfs.EMPTY);
        if (!link.ok()) {
            return link.error();
        }
        Result<String> target = kernel.vfs().readlink(task, link.value());
        if (!target.ok()) {
            return empty(task, path) && target.error() == -EINVAL ? -ENOENT : target.error();
        }
        int length = Math.min(target.value().length(), (int) size);
        user.putString(0, target.value(), length);
        return user.write(task, va, length) ? length : -EFAULT;
    }

    private boolean empty(Task task, long path) {
        return user.read(task, path, 1) && user.bytes[0] == 0;
    }
}
