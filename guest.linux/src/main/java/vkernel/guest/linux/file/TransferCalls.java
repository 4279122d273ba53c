package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EISDIR;
import static vkernel.kern.Errno.EOVERFLOW;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESPIPE;
import static vkernel.kern.Errno.ETXTBSY;
import static vkernel.kern.Errno.EXDEV;
import static vkernel.kern.Kernel.BLOCKED;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.guest.linux.user.Vectors;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/**
 * Calls that move bytes from one file to another inside the kernel. Positions move on with every piece, so that a call
 * that is made again goes on where it was.
 */
public final class TransferCalls implements CallGroup {
    private static final int PIECE = 1 << 16;

    private final Kernel kernel;
    private final User user;
    private final byte[] piece = new byte[PIECE];

    public TransferCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.SENDFILE, "from regular files");
        table.partial(this, Nr.COPY_FILE_RANGE, "within one file system");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SENDFILE -> sendfile(task, a0, a1, a2, a3);
            case Nr.COPY_FILE_RANGE -> copyFileRange(task, a0, a1, a2, a3, a4, a5);
            default -> throw Table.unclaimed(call);
        };
    }

    private long sendfile(Task task, long outFd, long inFd, long offset, long count) {
        @Nullable OpenFile in = task.files.get((int) inFd);
        @Nullable OpenFile out = task.files.get((int) outFd);
        if (in == null || out == null || !in.readable() || !out.writable()) {
            return -EBADF;
        }
        if (offset != 0 && !in.ops().seekable(in)) {
            return -ESPIPE;
        }
        if (!in.inode().regular() || (out.flags & Mode.O_APPEND) != 0) {
            return -EINVAL;
        }
        long from = position(task, in, offset);
        if (from < 0 || from + (count & Long.MAX_VALUE) < 0 || count < 0) {
            return from < 0 ? from : -EINVAL;
        }
        long most = Math.min(in.inode().sb.fs().longest(), out.inode().sb.fs().longest());
        if (from >= most && count > 0) {
            return -EOVERFLOW;
        }
        return move(task, in, offset, out, 0, count);
    }

    private long copyFileRange(
            Task task, long inFd, long inOffset, long outFd, long outOffset, long count, long flags) {
        @Nullable OpenFile in = task.files.get((int) inFd);
        @Nullable OpenFile out = task.files.get((int) outFd);
        if (in == null || out == null || !in.readable() || !out.writable() || (out.flags & Mode.O_APPEND) != 0) {
            return -EBADF;
        }
        if ((int) flags != 0) {
            return -EINVAL;
        }
        if (in.inode().directory() || out.inode().directory()) {
            return -EISDIR;
        }
        if (!in.inode().regular() || !out.inode().regular()) {
            return -EINVAL;
        }
        if (out.inode().immutable()) {
            return -EPERM;
        }
        if (in.inode().swap || out.inode().swap) {
            return -ETXTBSY;
        }
        if (in.inode().sb != out.inode().sb) {
            return -EXDEV;
        }
        if (beyond(position(task, in, inOffset), count) || beyond(position(task, out, outOffset), count)) {
            return -EOVERFLOW;
        }
        return overlapping(task, in, inOffset, out, outOffset, count)
                ? -EINVAL
                : move(task, in, inOffset, out, outOffset, count);
    }

    private static boolean beyond(long position, long count) {
        return position >= 0 && Long.compareUnsigned(position + count, position) < 0;
    }

    private boolean overlapping(Task task, OpenFile in, long inOffset, OpenFile out, long outOffset, long count) {
        if (in.inode() != out.inode()) {
            return false;
        }
        long from = position(task, in, inOffset);
        long to = position(task, out, outOffset);
        long length = Math.min(count & Long.MAX_VALUE, Math.max(0, in.inode().length() - from));
        return from < to + length && to < from + length;
    }

    /** Moves up to {@code count} bytes. @param inOffset address of the position to read at; 0 for the file's own */
    private long move(Task task, OpenFile in, long inOffset, OpenFile out, long outOffset, long count) {
        long total = Math.min(count & Long.MAX_VALUE, Vectors.MAX_BYTES);
        long done = task.restart.done;
        while (done < total) {
            long n = moveOne(task, in, inOffset, out, outOffset, (int) Math.min(total - done, PIECE));
            if (n == BLOCKED) {
                task.restart.done = done;
                return BLOCKED;
            }
            if (n < 0 && done == 0) {
                return n;
            }
            if (n <= 0) {
                break;
            }
            done += n;
        }
        return done;
    }

    private long moveOne(Task task, OpenFile in, long inOffset, OpenFile out, long outOffset, int length) {
        long from = position(task, in, inOffset);
        if (from < 0) {
            return from;
        }
        long to = outOffset == 0 ? -1 : position(task, out, outOffset);
        if (to < -1) {
            return to;
        }
        long read = kernel.vfs().read(task, in, kernel.vm().buffer(piece, 0, length), from);
        if (read <= 0) {
            return read;
        }
        long written = kernel.vfs().write(task, out, kernel.vm().buffer(piece, 0, (int) read), to);
        if (written <= 0) {
            return written;
        }
        return advance(task, in, inOffset, from + written) && (to < 0 || advance(task, out, outOffset, to + written))
                ? written
                : -EFAULT;
    }

    private long position(Task task, OpenFile file, long va) {
        if (va == 0) {
            return file.position;
        }
        if (!user.read(task, va, 8)) {
            return -EFAULT;
        }
        return user.i64(0) < 0 ? -EINVAL : user.i64(0);
    }

    private boolean advance(Task task, OpenFile file, long va, long position) {
        if (va == 0) {
            file.position = position;
            return true;
        }
        return user.giveLong(task, va, position) == 0;
    }
}
