package vkernel.guest.linux.file;

import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.ENFILE;
import static vkernel.kern.Errno.ENOPKG;
import static vkernel.kern.Errno.EOPNOTSUPP;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Limits;
import vkernel.task.Task;

/** open(2), close(2), dup(2), pipe(2): what makes and drops descriptors. */
public final class OpenCalls implements CallGroup {
    /** Flags that open(2) knows; it ignores others, openat2(2) refuses them. */
    private static final int KNOWN = Mode.O_ACCMODE
            | Mode.O_CREAT
            | Mode.O_EXCL
            | Mode.O_NOCTTY
            | Mode.O_TRUNC
            | Mode.O_APPEND
            | Mode.O_NONBLOCK
            | 04010000
            | Mode.O_ASYNC
            | Mode.O_DIRECT
            | Mode.O_LARGEFILE
            | Mode.O_DIRECTORY
            | Mode.O_NOFOLLOW
            | Mode.O_NOATIME
            | Mode.O_CLOEXEC
            | Mode.O_PATH
            | Mode.O_TMPFILE;

    /** What counts beside O_PATH. */
    private static final int WITH_PATH = Mode.O_DIRECTORY | Mode.O_NOFOLLOW | Mode.O_PATH | Mode.O_CLOEXEC;

    /** RESOLVE_CACHED of openat2(2). */
    private static final int CACHED = 32;

    private static final int RESOLVE =
            Vfs.NO_XDEV | Vfs.NO_MAGICLINKS | Vfs.NO_SYMLINKS | Vfs.BENEATH | Vfs.IN_ROOT | CACHED;

    /** O_NOTIFICATION_PIPE, which a kernel may lack. */
    private static final int NOTIFICATION_PIPE = Mode.O_EXCL;

    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private final Kernel kernel;
    private final User user;

    public OpenCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.OPENAT, Nr.CLOSE, Nr.CLOSE_RANGE, Nr.DUP, Nr.DUP3);
        table.partial(this, Nr.OPENAT2, "RESOLVE_CACHED may wait for a disk");
        table.partial(this, Nr.PIPE2, "no packet mode (O_DIRECT)");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.OPENAT -> openat(task, a0, a1, a2, a3);
            case Nr.OPENAT2 -> openat2(task, a0, a1, a2, a3);
            case Nr.CLOSE -> close(task, a0);
            case Nr.CLOSE_RANGE -> closeRange(task, a0, a1, a2);
            case Nr.DUP -> dup(task, a0);
            case Nr.DUP3 -> dup3(task, a0, a1, a2);
            case Nr.PIPE2 -> pipe2(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long openat(Task task, long dirfd, long path, long flags, long mode) {
        int known = (int) flags & KNOWN;
        if ((known & Mode.O_PATH) != 0) {
            known &= WITH_PATH;
        }
        return open(task, (int) dirfd, path, known | Mode.O_LARGEFILE, (int) mode & 07777, 0);
    }

    private long openat2(Task task, long dirfd, long path, long how, long size) {
        if (size < 24) {
            return -EINVAL;
        }
        if (size > 4096) {
            return -E2BIG;
        }
        if (!user.read(task, how, (int) size)) {
            return -EFAULT;
        }
        for (int i = 24; i < size; i++) {
            if (user.bytes[i] != 0) {
                return -E2BIG;
            }
        }
        long flags = user.i64(0);
        long mode = user.i64(8);
        boolean creates = (flags & (Mode.O_CREAT | (Mode.O_TMPFILE & ~Mode.O_DIRECTORY))) != 0;
        long resolve = user.i64(16);
        if ((flags & ~KNOWN) != 0 || (resolve & ~RESOLVE) != 0 || (mode & ~07777) != 0 || mode != 0 && !creates) {
            return -EINVAL;
        }
        if ((flags & Mode.O_PATH) != 0 && (flags & ~WITH_PATH) != 0) {
            return -EINVAL;
        }
        if ((resolve & Vfs.BENEATH) != 0 && (resolve & Vfs.IN_ROOT) != 0) {
            return -EINVAL;
        }
        if ((resolve & CACHED) != 0 && (creates || (flags & Mode.O_TRUNC) != 0)) {
            return -EAGAIN;
        }
        return open(task, (int) dirfd, path, (int) flags, (int) mode, (int) resolve & ~CACHED);
    }

    private long open(Task task, int dirfd, long va, int flags, int mode, int resolve) {
        @Nullable String path = user.pathOrNull(task, va);
        if (path == null) {
            return user.path(task, va).error();
        }
        int fd = task.files.free(0, limit(task));
        if (fd < 0) {
            return -EMFILE;
        }
        String from = (resolve & Vfs.IN_ROOT) != 0 ? "." : path;
        @Nullable Path start = Places.start(task, dirfd, from);
        if (start == null) {
            Result<Path> base = kernel.vfs().base(task, dirfd, from);
            if (!base.ok()) {
                return base.error();
            }
            start = base.value();
        }
        Result<OpenFile> file = kernel.vfs().open(task, start, path, flags & ~Mode.O_CLOEXEC, mode, resolve);
        if (!file.ok()) {
            return file.error();
        }
        task.files.set(fd, file.value(), (flags & Mode.O_CLOEXEC) != 0);
        return fd;
    }

    private long close(Task task, long fd) {
        return kernel.vfs().close(task, (int) fd);
    }

    private long closeRange(Task task, long from, long to, long flags) {
        long first = from & 0xffff_ffffL;
        long last = to & 0xffff_ffffL;
        if (first > last || (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0) {
            return -EINVAL;
        }
        if ((flags & CLOSE_RANGE_UNSHARE) != 0) {
            unshare(task);
        }
        for (int fd = (int) Math.min(first, task.files.size()); fd <= last && fd < task.files.size(); fd++) {
            if (task.files.get(fd) == null) {
                continue;
            }
            if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
                task.files.closeOnExec(fd, true);
            } else {
                kernel.vfs().close(task, fd);
            }
        }
        return 0;
    }

    /** Gives a task a table of descriptors of its own (CLONE_FILES undone). */
    public static void unshare(Task task) {
        if (task.files.users > 1) {
            task.files.users--;
            task.files = task.files.copy();
        }
    }

    private long dup(Task task, long fd) {
        return duplicate(task, task.files.get((int) fd), 0, false);
    }

    /** A second descriptor, not below {@code from}, for a file. @return the descriptor, -EBADF, -EMFILE */
    static long duplicate(Task task, @Nullable OpenFile file, int from, boolean cloexec) {
        if (file == null) {
            return -EBADF;
        }
        int fd = task.files.free(from, limit(task));
        if (fd < 0) {
            return -EMFILE;
        }
        file.refs++;
        task.files.set(fd, file, cloexec);
        return fd;
    }

    private long dup3(Task task, long from, long to, long flags) {
        if (((int) flags & ~Mode.O_CLOEXEC) != 0 || (int) from == (int) to) {
            return -EINVAL;
        }
        int fd = (int) to;
        if (fd < 0 || fd >= limit(task)) {
            return -EBADF;
        }
        OpenFile file = task.files.get((int) from);
        if (file == null) {
            return -EBADF;
        }
        file.refs++;
        if (task.files.get(fd) != null) {
            kernel.vfs().close(task, fd);
        }
        task.files.set(fd, file, (flags & Mode.O_CLOEXEC) != 0);
        return fd;
    }

    private long pipe2(Task task, long va, long flags) {
        int known = Mode.O_CLOEXEC | Mode.O_NONBLOCK;
        if (((int) flags & Mode.O_DIRECT) != 0) {
            return -EOPNOTSUPP;
        }
        if ((int) flags == NOTIFICATION_PIPE) {
            return -ENOPKG;
        }
        if (((int) flags & ~known) != 0) {
            return -EINVAL;
        }
        boolean cloexec = (flags & Mode.O_CLOEXEC) != 0;
        int read = task.files.free(0, limit(task));
        int write = read < 0 ? -1 : task.files.free(read + 1, limit(task));
        if (write < 0) {
            return -EMFILE;
        }
        if (kernel.vfs().openFiles() + 2 > kernel.vfs().maxFiles()) {
            return -ENFILE;
        }
        user.put32(0, read);
        user.put32(4, write);
        if (!user.write(task, va, 8)) {
            return -EFAULT;
        }
        OpenFile[] ends = kernel.vfs().pipe(task, (int) flags & Mode.O_NONBLOCK);
        task.files.set(read, ends[0], cloexec);
        task.files.set(write, ends[1], cloexec);
        return 0;
    }

    /** First number that a new descriptor may not have. */
    public static long limit(Task task) {
        long soft = task.process.softLimits[Limits.NOFILE];
        return soft < 0 ? Integer.MAX_VALUE : Math.min(soft, Integer.MAX_VALUE);
    }
}
