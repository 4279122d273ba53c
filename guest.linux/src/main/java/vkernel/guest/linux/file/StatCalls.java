package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EINVAL;

import vkernel.fs.FsStat;
import vkernel.fs.Path;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** stat(2), statx(2), statfs(2). */
public final class StatCalls implements CallGroup {
    private static final int AT_NO_AUTOMOUNT = 0x800;
    private static final int AT_STATX_SYNC_TYPE = 0x6000;
    private static final int PLACE = Places.AT_SYMLINK_NOFOLLOW | Places.AT_EMPTY_PATH | AT_NO_AUTOMOUNT;
    private static final int STATX_RESERVED = 0x8000_0000;

    private final Kernel kernel;
    private final User user;
    private final Places places;
    private final Stat stat;

    public StatCalls(Kernel kernel, User user, Places places) {
        this.kernel = kernel;
        this.user = user;
        this.places = places;
        stat = new Stat(user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.NEWFSTATAT, Nr.FSTAT, Nr.STATX, Nr.STATFS, Nr.FSTATFS);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.NEWFSTATAT -> fstatat(task, a0, a1, a2, a3);
            case Nr.FSTAT -> fstat(task, a0, a1);
            case Nr.STATX -> statx(task, a0, a1, a2, a3, a4);
            case Nr.STATFS -> statfs(task, a0, a1);
            case Nr.FSTATFS -> fstatfs(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long fstatat(Task task, long dirfd, long path, long va, long flags) {
        if (((int) flags & ~PLACE) != 0) {
            return -EINVAL;
        }
        return stat(task, places.at(task, dirfd, path, Places.walk(flags)), va);
    }

    private long fstat(Task task, long fd, long va) {
        return stat(task, places.of(task, fd, true), va);
    }

    private long stat(Task task, Result<Path> place, long va) {
        if (!place.ok()) {
            return place.error();
        }
        stat.stat(kernel.vfs().attributes(place.value()));
        return user.give(task, va, Stat.STAT_SIZE);
    }

    private long statx(Task task, long dirfd, long path, long flags, long mask, long va) {
        if (((int) flags & ~(PLACE | AT_STATX_SYNC_TYPE)) != 0
                || ((int) flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE
                || ((int) mask & STATX_RESERVED) != 0) {
            return -EINVAL;
        }
        boolean bare = path == 0 && (flags & Places.AT_EMPTY_PATH) != 0;
        Result<Path> place = bare ? places.of(task, dirfd, true) : places.at(task, dirfd, path, Places.walk(flags));
        if (!place.ok()) {
            return place.error();
        }
        stat.statx(place.value(), kernel.vfs().attributes(place.value()));
        return user.give(task, va, Stat.STATX_SIZE);
    }

    private long statfs(Task task, long path, long va) {
        return statfs(task, places.at(task, path, true), va);
    }

    private long fstatfs(Task task, long fd, long va) {
        return statfs(task, places.of(task, fd, true), va);
    }

    private long statfs(Task task, Result<Path> place, long va) {
        if (!place.ok()) {
            return place.error();
        }
        FsStat of = kernel.vfs().stat(place.value());
        stat.statfs(of, place.value().mount());
        return user.give(task, va, Stat.STATFS_SIZE);
    }
}
