package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EOPNOTSUPP;

import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** chmod(2), chown(2), utimensat(2), access(2). */
public final class AttributeCalls implements CallGroup {
    private static final int AT_EACCESS = 0x200;
    private static final long UTIME_NOW = 0x3fff_ffff;
    private static final long UTIME_OMIT = 0x3fff_fffe;
    private static final int PLACE = Places.AT_SYMLINK_NOFOLLOW | Places.AT_EMPTY_PATH;

    private final Kernel kernel;
    private final User user;
    private final Places places;

    public AttributeCalls(Kernel kernel, User user, Places places) {
        this.kernel = kernel;
        this.user = user;
        this.places = places;
    }

    @Override
    public void table(Table table) {
        table.full(
                this,
                Nr.FCHMOD,
                Nr.FCHMODAT,
                Nr.FCHMODAT2,
                Nr.FCHOWN,
                Nr.FCHOWNAT,
                Nr.UTIMENSAT,
                Nr.FACCESSAT,
                Nr.FACCESSAT2);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.FCHMOD -> fchmod(task, a0, a1);
            case Nr.FCHMODAT -> fchmodat(task, a0, a1, a2);
            case Nr.FCHMODAT2 -> fchmodat2(task, a0, a1, a2, a3);
            case Nr.FCHOWN -> fchown(task, a0, a1, a2);
            case Nr.FCHOWNAT -> fchownat(task, a0, a1, a2, a3, a4);
            case Nr.UTIMENSAT -> utimensat(task, a0, a1, a2, a3);
            case Nr.FACCESSAT -> faccessat(task, a0, a1, a2);
            case Nr.FACCESSAT2 -> faccessat2(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private long fchmod(Task task, long fd, long mode) {
        Result<Path> place = places.of(task, fd, false);
        return place.ok() ? kernel.vfs().chmod(task, place.value(), (int) mode & 07777) : place.error();
    }

    private long fchmodat(Task task, long dirfd, long path, long mode) {
        return fchmodat2(task, dirfd, path, mode, 0);
    }

    private long fchmodat2(Task task, long dirfd, long path, long mode, long flags) {
        if (((int) flags & ~PLACE) != 0) {
            return -EINVAL;
        }
        Result<Path> place = places.at(task, dirfd, path, Places.walk(flags));
        if (!place.ok()) {
            return place.error();
        }
        return place.value().inode().symlink()
                ? -EOPNOTSUPP
                : kernel.vfs().chmod(task, place.value(), (int) mode & 07777);
    }

    private long fchown(Task task, long fd, long uid, long gid) {
        Result<Path> place = places.of(task, fd, false);
        return place.ok() ? kernel.vfs().chown(task, place.value(), (int) uid, (int) gid) : place.error();
    }

    private long fchownat(Task task, long dirfd, long path, long uid, long gid, long flags) {
        if (((int) flags & ~PLACE) != 0) {
            return -EINVAL;
        }
        Result<Path> place = places.at(task, dirfd, path, Places.walk(flags));
        return place.ok() ? kernel.vfs().chown(task, place.value(), (int) uid, (int) gid) : place.error();
    }

    private long utimensat(Task task, long dirfd, long path, long times, long flags) {
        long access = Vfs.UTIME_NOW;
        long change = Vfs.UTIME_NOW;
        if (times != 0) {
            if (!user.read(task, times, 32)) {
                return -EFAULT;
            }
            if (badTime(0) || badTime(16)) {
                return -EINVAL;
            }
            access = time(0);
            change = time(16);
        }
        if (access == Vfs.UTIME_OMIT && change == Vfs.UTIME_OMIT) {
            return 0;
        }
        Result<Path> place = timed(task, dirfd, path, (int) flags);
        return place.ok() ? kernel.vfs().utimes(task, place.value(), access, change) : place.error();
    }

    /** futimens(3) gives no path at all. */
    private Result<Path> timed(Task task, long dirfd, long path, int flags) {
        if (path == 0 && (int) dirfd != Places.AT_FDCWD) {
            return flags != 0 ? Result.error(-EINVAL) : places.of(task, dirfd, false);
        }
        return (flags & ~PLACE) != 0 ? Result.error(-EINVAL) : places.at(task, dirfd, path, Places.walk(flags));
    }

    private boolean badTime(int at) {
        long nanos = user.i64(at + 8);
        return nanos != UTIME_NOW && nanos != UTIME_OMIT && (nanos < 0 || nanos >= Times.SECOND);
    }

    private long time(int at) {
        long nanos = user.i64(at + 8);
        if (nanos == UTIME_NOW) {
            return Vfs.UTIME_NOW;
        }
        if (nanos == UTIME_OMIT) {
            return Vfs.UTIME_OMIT;
        }
        long most = Times.MAX / Times.SECOND;
        return Math.clamp(user.i64(at), -most, most) * Times.SECOND + nanos;
    }

    private long faccessat(Task task, long dirfd, long path, long mode) {
        return faccessat2(task, dirfd, path, mode, 0);
    }

    private long faccessat2(Task task, long dirfd, long path, long mode, long flags) {
        if (((int) mode & ~7) != 0 || ((int) flags & ~(AT_EACCESS | PLACE)) != 0) {
            return -EINVAL;
        }
        Result<Path> place = places.at(task, dirfd, path, Places.walk(flags));
        if (!place.ok()) {
            return place.error();
        }
        return (int) mode == 0
                ? 0
                : kernel.vfs().permission(task, place.value(), (int) mode, (flags & AT_EACCESS) == 0);
    }
}
