package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENAMETOOLONG;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOTDIR;
import static vkernel.kern.Errno.ERANGE;

import org.jspecify.annotations.Nullable;
import vkernel.fs.DirSink;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** Reading directories, and standing in them. */
public final class DirCalls implements CallGroup {
    private final Kernel kernel;
    private final User user;
    private final Places places;
    private final Entries entries = new Entries();

    public DirCalls(Kernel kernel, User user, Places places) {
        this.kernel = kernel;
        this.user = user;
        this.places = places;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.GETDENTS64, Nr.GETCWD, Nr.CHDIR, Nr.FCHDIR, Nr.CHROOT, Nr.UMASK);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.GETDENTS64 -> getdents(task, a0, a1, a2);
            case Nr.GETCWD -> getcwd(task, a0, a1);
            case Nr.CHDIR -> chdir(task, a0);
            case Nr.FCHDIR -> fchdir(task, a0);
            case Nr.CHROOT -> chroot(task, a0);
            case Nr.UMASK -> umask(task, a0);
            default -> throw Table.unclaimed(call);
        };
    }

    /** Builds struct linux_dirent64 in the scratch array. */
    private final class Entries implements DirSink {
        int room;
        int used;
        boolean refused;

        @Override
        public boolean entry(String name, long ino, int type, long next) {
            int size = (19 + name.length() + 1 + 7) & ~7;
            if (used + size > room) {
                refused = true;
                return false;
            }
            user.put64(used, ino);
            user.put64(used + 8, next);
            user.put16(used + 16, size);
            user.bytes[used + 18] = (byte) type;
            user.putString(used + 19, name, size - 19);
            used += size;
            return true;
        }
    }

    private long getdents(Task task, long fd, long va, long size) {
        @Nullable OpenFile file = task.files.get((int) fd);
        if (file == null || !file.readable()) {
            return -EBADF;
        }
        if (!file.inode().directory()) {
            return -ENOTDIR;
        }
        entries.room = (int) Math.min(size & 0xffff_ffffL, User.SIZE);
        entries.used = 0;
        entries.refused = false;
        long position = file.position;
        long result = kernel.vfs().readdir(task, file, entries);
        if (result < 0) {
            return result;
        }
        if (entries.used == 0) {
            return entries.refused ? -EINVAL : 0;
        }
        if (!user.write(task, va, entries.used)) {
            file.position = position;
            return -EFAULT;
        }
        return entries.used;
    }

    private long getcwd(Task task, long va, long size) {
        if (task.fs.cwd.dentry().unlinked) {
            return -ENOENT;
        }
        String name = kernel.vfs().name(task, task.fs.cwd);
        int length = name.length() + 1;
        if (length > User.PATH_MAX) {
            return -ENAMETOOLONG;
        }
        if (Long.compareUnsigned(size, length) < 0) {
            return -ERANGE;
        }
        user.putString(0, name, length);
        return user.write(task, va, length) ? length : -EFAULT;
    }

    private long chdir(Task task, long path) {
        return enter(task, places.at(task, Places.AT_FDCWD, path, Vfs.FOLLOW | Vfs.DIRECTORY));
    }

    private long fchdir(Task task, long fd) {
        return enter(task, places.of(task, fd, true));
    }

    private long enter(Task task, Result<Path> place) {
        long bad = enterable(task, place);
        if (bad == 0) {
            task.fs.cwd = place.value();
        }
        return bad;
    }

    private long enterable(Task task, Result<Path> place) {
        if (!place.ok()) {
            return place.error();
        }
        return place.value().inode().directory()
                ? kernel.vfs().permission(task, place.value(), Vfs.EXECUTE, false)
                : -ENOTDIR;
    }

    private long chroot(Task task, long path) {
        Result<Path> place = places.at(task, Places.AT_FDCWD, path, Vfs.FOLLOW | Vfs.DIRECTORY);
        long bad = enterable(task, place);
        if (bad == 0) {
            bad = kernel.vfs().mayChroot(task, place.value());
        }
        if (bad == 0) {
            task.fs.root = place.value();
        }
        return bad;
    }

    private long umask(Task task, long mask) {
        int old = task.fs.umask;
        task.fs.umask = (int) mask & 0777;
        return old;
    }
}
