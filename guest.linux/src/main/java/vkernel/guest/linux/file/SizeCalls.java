package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Errno.ESPIPE;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** Calls on a file's size and on its data's way to the disk. */
public final class SizeCalls implements CallGroup {
    private static final int FALLOC_KEEP_SIZE = 1;
    private static final int FALLOC_PUNCH_HOLE = 2;

    private final Kernel kernel;
    private final Places places;

    public SizeCalls(Kernel kernel, Places places) {
        this.kernel = kernel;
        this.places = places;
    }

    @Override
    public void table(Table table) {
        table.full(
                this,
                Nr.TRUNCATE,
                Nr.FTRUNCATE,
                Nr.SYNC,
                Nr.SYNCFS,
                Nr.FSYNC,
                Nr.FDATASYNC,
                Nr.SYNC_FILE_RANGE,
                Nr.FADVISE64,
                Nr.READAHEAD);
        table.partial(
                this, Nr.FALLOCATE, "room, and holes; no ranges collapsed, inserted, zeroed or unshared: -EOPNOTSUPP");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.TRUNCATE -> truncate(task, a0, a1);
            case Nr.FTRUNCATE -> ftruncate(task, a0, a1);
            case Nr.FALLOCATE -> fallocate(task, a0, a1, a2, a3);
            case Nr.SYNC -> sync(task);
            case Nr.SYNCFS -> syncfs(task, a0);
            case Nr.FSYNC, Nr.FDATASYNC -> fsync(task, a0);
            case Nr.SYNC_FILE_RANGE -> syncRange(task, a0, a1, a2, a3);
            case Nr.FADVISE64 -> fadvise(task, a0, a1, a2, a3);
            case Nr.READAHEAD -> readahead(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    private long truncate(Task task, long path, long size) {
        if (size < 0) {
            return -EINVAL;
        }
        Result<Path> place = places.at(task, path, true);
        return place.ok() ? kernel.vfs().truncate(task, place.value(), size) : place.error();
    }

    private long ftruncate(Task task, long fd, long size) {
        if (size < 0) {
            return -EINVAL;
        }
        @Nullable OpenFile file = opened(task, fd);
        if (file == null) {
            return -EBADF;
        }
        return file.inode().regular() && file.writable() ? kernel.vfs().truncate(task, file, size) : -EINVAL;
    }

    private long fallocate(Task task, long fd, long mode, long offset, long length) {
        @Nullable OpenFile file = opened(task, fd);
        if (file == null) {
            return -EBADF;
        }
        int how = (int) mode;
        if (offset < 0 || length <= 0) {
            return -EINVAL;
        }
        if ((how & ~0x7f) != 0 || (how & FALLOC_PUNCH_HOLE) != 0 && (how & FALLOC_KEEP_SIZE) == 0) {
            return -EOPNOTSUPP;
        }
        return kernel.vfs().allocate(task, file, how, offset, length);
    }

    private long sync(Task task) {
        kernel.vfs().sync();
        return 0;
    }

    private long syncfs(Task task, long fd) {
        @Nullable OpenFile file = opened(task, fd);
        if (file == null) {
            return -EBADF;
        }
        kernel.vfs().sync();
        return 0;
    }

    private long fsync(Task task, long fd) {
        @Nullable OpenFile file = opened(task, fd);
        if (file == null) {
            return -EBADF;
        }
        int type = file.inode().type();
        return type == Mode.S_IFIFO || type == Mode.S_IFCHR || type == Mode.S_IFSOCK
                ? -EINVAL
                : file.ops().sync(task, file);
    }

    private long syncRange(Task task, long fd, long offset, long length, long flags) {
        @Nullable OpenFile file = opened(task, fd);
        if (file == null) {
            return -EBADF;
        }
        if (((int) flags & ~7) != 0 || offset < 0 || offset + length < offset) {
            return -EINVAL;
        }
        int type = file.inode().type();
        return type == Mode.S_IFREG || type == Mode.S_IFBLK || type == Mode.S_IFDIR
                ? file.ops().sync(task, file)
                : -ESPIPE;
    }

    /** Advice needs no action: every page of a file is kept while there is memory. */
    private long fadvise(Task task, long fd, long offset, long length, long advice) {
        @Nullable OpenFile file = opened(task, fd);
        if (file == null) {
            return -EBADF;
        }
        if (file.inode().type() == Mode.S_IFIFO) {
            return -ESPIPE;
        }
        return length < 0 || (int) advice < 0 || (int) advice > 5 ? -EINVAL : 0;
    }

    private long readahead(Task task, long fd, long offset, long count) {
        @Nullable OpenFile file = opened(task, fd);
        if (file == null || !file.readable()) {
            return -EBADF;
        }
        return file.inode().regular() ? 0 : -EINVAL;
    }

    private static @Nullable OpenFile opened(Task task, long fd) {
        OpenFile file = task.files.get((int) fd);
        return file == null || (file.flags & Mode.O_PATH) != 0 ? null : file;
    }
}
