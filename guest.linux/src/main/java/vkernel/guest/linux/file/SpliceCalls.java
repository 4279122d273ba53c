package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPIPE;
import static vkernel.kern.Errno.ESPIPE;
import static vkernel.kern.Kernel.BLOCKED;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Pipe;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.guest.linux.user.Vectors;
import vkernel.kern.Kernel;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/**
 * splice(2), tee(2), vmsplice(2): bytes move through a pipe inside the kernel. They are copied, not lent: what a caller
 * changes after vmsplice(2) does not change in the pipe.
 */
public final class SpliceCalls implements CallGroup {
    private static final int NONBLOCK = 2;
    /** SPLICE_F_MOVE, NONBLOCK, MORE, GIFT. */
    private static final int KNOWN = 15;

    private static final int PIECE = 1 << 16;

    private final Kernel kernel;
    private final User user;
    private final Vectors vectors;
    private final byte[] piece = new byte[PIECE];

    public SpliceCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        vectors = new Vectors(kernel, user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.SPLICE, Nr.TEE, Nr.VMSPLICE);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SPLICE -> splice(task, a0, a1, a2, a3, a4, a5);
            case Nr.TEE -> tee(task, a0, a1, a2, a3);
            case Nr.VMSPLICE -> vmsplice(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private static @Nullable Pipe pipe(OpenFile file) {
        return file.inode().type() == Mode.S_IFIFO ? file.inode().pipe : null;
    }

    private long splice(Task task, long inFd, long inOffset, long outFd, long outOffset, long length, long flags) {
        if (length == 0) {
            return 0;
        }
        if (((int) flags & ~KNOWN) != 0) {
            return -EINVAL;
        }
        OpenFile in = task.files.get((int) inFd);
        OpenFile out = task.files.get((int) outFd);
        if (in == null || out == null || !in.readable() || !out.writable()) {
            return -EBADF;
        }
        Pipe from = pipe(in);
        Pipe to = pipe(out);
        if (from != null && inOffset != 0 || to != null && outOffset != 0) {
            return -ESPIPE;
        }
        if (from == null && to == null || from == to || (out.flags & Mode.O_APPEND) != 0 && to == null) {
            return -EINVAL;
        }
        int most = (int) Math.min(length & Long.MAX_VALUE, PIECE);
        boolean waits = ((int) flags & NONBLOCK) == 0;
        if (from != null && to != null) {
            return between(task, in, from, out, to, most, waits, true);
        }
        return from != null
                ? drain(task, in, from, out, outOffset, most, waits)
                : fill(task, in, inOffset, out, most, waits);
    }

    private long tee(Task task, long inFd, long outFd, long length, long flags) {
        if (((int) flags & ~KNOWN) != 0) {
            return -EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        OpenFile in = task.files.get((int) inFd);
        OpenFile out = task.files.get((int) outFd);
        if (in == null || out == null || !in.readable() || !out.writable()) {
            return -EBADF;
        }
        Pipe from = pipe(in);
        Pipe to = pipe(out);
        if (from == null || to == null || from == to) {
            return -EINVAL;
        }
        int most = (int) Math.min(length & Long.MAX_VALUE, PIECE);
        return between(task, in, from, out, to, most, ((int) flags & NONBLOCK) == 0, false);
    }

    /** Waits for bytes in a pipe. @return their number, 0 at the end, BLOCKED or -EAGAIN */
    private static long bytes(Task task, OpenFile file, Pipe pipe, boolean waits) {
        if (pipe.count > 0 || pipe.writers == 0) {
            return pipe.count;
        }
        if (!waits || file.nonblocking()) {
            return -EAGAIN;
        }
        task.waitOn(pipe.forData);
        return BLOCKED;
    }

    /** Waits for room in a pipe. @return bytes, BLOCKED, -EAGAIN or -EPIPE with its signal */
    private long room(Task task, OpenFile file, Pipe pipe, boolean waits) {
        if (pipe.readers == 0) {
            kernel.signal(task, SigInfo.user(Signal.SIGPIPE, task.process.pid, task.credentials.uid()));
            return -EPIPE;
        }
        int room = kernel.vfs().pipeRoom(file);
        if (room > 0) {
            return room;
        }
        if (!waits || file.nonblocking()) {
            return -EAGAIN;
        }
        task.waitOn(pipe.forRoom);
        return BLOCKED;
    }

    private void peek(Pipe pipe, int length) {
        int run = Math.min(length, pipe.buffer.length - pipe.head);
        System.arraycopy(pipe.buffer, pipe.head, piece, 0, run);
        System.arraycopy(pipe.buffer, 0, piece, run, length - run);
    }

    private long between(
            Task task, OpenFile in, Pipe from, OpenFile out, Pipe to, int most, boolean waits, boolean take) {
        long there = bytes(task, in, from, waits);
        if (there <= 0) {
            return there;
        }
        long room = room(task, out, to, waits);
        if (room < 0) {
            return room;
        }
        int length = (int) Math.min(most, Math.min(there, room));
        peek(from, length);
        long written = kernel.vfs().write(task, out, kernel.vm().buffer(piece, 0, length), -1);
        return written > 0 && take ? consume(task, in, (int) written) : written;
    }

    /** Takes bytes out of a pipe that have been passed on already. */
    private long consume(Task task, OpenFile in, int length) {
        return kernel.vfs().read(task, in, kernel.vm().buffer(piece, 0, length), -1);
    }

    private long drain(Task task, OpenFile in, Pipe from, OpenFile out, long offset, int most, boolean waits) {
        long there = bytes(task, in, from, waits);
        if (there <= 0) {
            return there;
        }
        long at = offset(task, out, offset);
        if (at < -1) {
            return at;
        }
        int length = (int) Math.min(most, there);
        peek(from, length);
        long written = kernel.vfs().write(task, out, kernel.vm().buffer(piece, 0, length), at);
        if (written <= 0) {
            return written;
        }
        consume(task, in, (int) written);
        return offset != 0 && user.giveLong(task, offset, at + written) != 0 ? -EFAULT : written;
    }

    private long fill(Task task, OpenFile in, long offset, OpenFile out, int most, boolean waits) {
        Pipe to = pipe(out);
        long room = to == null ? -EBADF : room(task, out, to, waits);
        if (room < 0) {
            return room;
        }
        if (in.inode().directory()) {
            return -EINVAL;
        }
        long at = offset(task, in, offset);
        if (at < -1) {
            return at;
        }
        int length = (int) Math.min(most, room);
        long read = kernel.vfs().read(task, in, kernel.vm().buffer(piece, 0, length), at);
        if (read <= 0) {
            return read;
        }
        long written = kernel.vfs().write(task, out, kernel.vm().buffer(piece, 0, (int) read), -1);
        return offset != 0 && written > 0 && user.giveLong(task, offset, at + written) != 0 ? -EFAULT : written;
    }

    /** A position given by its address. @return it; -1 for the file's own; -ESPIPE, -EFAULT, -EINVAL */
    private long offset(Task task, OpenFile file, long va) {
        if (va == 0) {
            return -1;
        }
        if (!file.ops().seekable(file)) {
            return -ESPIPE;
        }
        if (!user.read(task, va, 8)) {
            return -EFAULT;
        }
        return user.i64(0) < 0 ? -EINVAL : user.i64(0);
    }

    /** Memory into a pipe, or out of it, as the descriptor is open for. */
    private long vmsplice(Task task, long fd, long iov, long count, long flags) {
        if (((int) flags & ~KNOWN) != 0) {
            return -EINVAL;
        }
        OpenFile file = task.files.get((int) fd);
        if (file == null || !file.readable() && !file.writable()) {
            return -EBADF;
        }
        Pipe pipe = pipe(file);
        if (pipe == null) {
            return -EBADF;
        }
        boolean waits = ((int) flags & NONBLOCK) == 0;
        long total = vectors.iovecs(task, iov, count);
        if (total <= 0) {
            return total;
        }
        long ready = file.writable() ? room(task, file, pipe, waits) : bytes(task, file, pipe, waits);
        if (ready <= 0) {
            return ready;
        }
        return file.writable()
                ? kernel.vfs().write(task, file, vectors.buffer(task, 0).limited(Math.min(total, ready)), -1)
                : kernel.vfs().read(task, file, vectors.buffer(task, 0), -1);
    }
}
