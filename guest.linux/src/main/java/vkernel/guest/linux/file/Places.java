package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EBADF;

import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** Arguments that name a file: a path relative to a descriptor, or a descriptor alone. */
public final class Places {
    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_REMOVEDIR = 0x200;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_EMPTY_PATH = 0x1000;

    private final Kernel kernel;
    private final User user;

    public Places(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    /** A name and where its walk starts: what calls need that make or remove it. */
    public record Name(Path base, String path) {}

    public Result<Name> name(Task task, long dirfd, long va) {
        Result<String> path = user.path(task, va);
        if (!path.ok()) {
            return path.failure();
        }
        Result<Path> base = kernel.vfs().base(task, (int) dirfd, path.value());
        return base.ok() ? Result.of(new Name(base.value(), path.value())) : base.failure();
    }

    /** The existing file at a path. @param walk flags of {@link Vfs#walk} */
    public Result<Path> at(Task task, long dirfd, long va, int walk) {
        @Nullable String path = user.pathOrNull(task, va);
        if (path == null) {
            return user.path(task, va).failure();
        }
        if (path.isEmpty() && (walk & Vfs.EMPTY) != 0) {
            return (int) dirfd == AT_FDCWD ? Result.of(task.fs.cwd) : of(task, dirfd, true);
        }
        @Nullable Path start = start(task, (int) dirfd, path);
        if (start != null) {
            return kernel.vfs().walk(task, start, path, walk);
        }
        Result<Path> base = kernel.vfs().base(task, (int) dirfd, path);
        return base.ok() ? kernel.vfs().walk(task, base.value(), path, walk) : base;
    }

    /** Where a path starts that is not relative to a descriptor; else null: {@link Vfs#base} knows. */
    static @Nullable Path start(Task task, int dirfd, String path) {
        return path.startsWith("/") ? task.fs.root : dirfd == AT_FDCWD ? task.fs.cwd : null;
    }

    /** The existing file at a path from the cwd. @param follow whether a symlink at the end is followed */
    public Result<Path> at(Task task, long va, boolean follow) {
        return at(task, AT_FDCWD, va, follow ? Vfs.FOLLOW : 0);
    }

    /** The file of a descriptor. @param even whether one opened with O_PATH will do */
    public Result<Path> of(Task task, long fd, boolean even) {
        @Nullable OpenFile file = task.files.get((int) fd);
        if (file == null || !even && (file.flags & vkernel.fs.Mode.O_PATH) != 0) {
            return Result.error(-EBADF);
        }
        return Result.of(file.path);
    }

    /** Flags for {@link #at}: AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH as Linux's calls take them. */
    public static int walk(long flags) {
        return ((flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : Vfs.FOLLOW) | ((flags & AT_EMPTY_PATH) != 0 ? Vfs.EMPTY : 0);
    }
}
