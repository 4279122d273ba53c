package vkernel.guest.fs.vfs;

import vkernel.fs.DirSink;
import vkernel.fs.FileOps;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** read(2), write(2), getdents64(2): positions, limits and times around what the file's own operations do. */
final class Io {
    private final Kernel kernel;

    Io(Kernel kernel) {
        this.kernel = kernel;
    }

    long read(Task task, OpenFile file, IoBuffer to, long position) {
        if (!file.readable()) {
            return -Errno.EBADF;
        }
        FileOps ops = file.ops();
        if (!ops.seekable(file)) {
            return position >= 0 ? -Errno.ESPIPE : ops.read(task, file, to, 0);
        }
        if (file.inode().directory()) {
            return -Errno.EISDIR;
        }
        long at = position < 0 ? file.position : position;
        long n = ops.read(task, file, to, at);
        if (n >= 0) {
            if (position < 0) {
                file.position = at + n;
            }
            accessed(file);
        }
        return n;
    }

    private void accessed(OpenFile file) {
        if ((file.flags & Mode.O_NOATIME) == 0) {
            Times.accessed(kernel, file.path.mount(), file.inode());
        }
    }

    long write(Task task, OpenFile file, IoBuffer from, long position) {
        if (!file.writable()) {
            return -Errno.EBADF;
        }
        FileOps ops = file.ops();
        if (!ops.seekable(file)) {
            return position >= 0 ? -Errno.ESPIPE : ops.write(task, file, from, 0);
        }
        Inode inode = file.inode();
        long at = position < 0 ? file.position : position;
        long n;
        if (inode.regular()) {
            if ((file.flags & Mode.O_APPEND) != 0) {
                at = ops.end(file);
            }
            n = regular(task, file, from, at);
        } else {
            n = ops.write(task, file, from, at);
        }
        if (n > 0 && position < 0) {
            file.position = at + n;
        }
        return n;
    }

    private long regular(Task task, OpenFile file, IoBuffer from, long at) {
        long wanted = from.remaining();
        if (wanted == 0) {
            return 0;
        }
        long room = room(task, at, wanted);
        if (room <= 0) {
            return -Errno.EFBIG;
        }
        Inode inode = file.inode();
        boolean grows = at + Math.min(room, wanted) > inode.length();
        if ((inode.seals & (Inode.SEAL_WRITE | Inode.SEAL_FUTURE_WRITE)) != 0
                || grows && (inode.seals & Inode.SEAL_GROW) != 0) {
            return -Errno.EPERM;
        }
        long n = file.ops().write(task, file, room < wanted ? from.limited(room) : from, at);
        if (n > 0) {
            if ((inode.mode & (Mode.S_ISUID | Mode.S_ISGID)) != 0 && !task.credentials.can(Credentials.CAP_FSETID)) {
                inode.mode = Access.withoutSetIds(inode.mode);
            }
            Xattrs.dropCapabilities(inode);
            Times.modified(kernel, inode);
        }
        return n;
    }

    /** How much may be written at a position: RLIMIT_FSIZE, and a file's largest size. */
    private long room(Task task, long at, long wanted) {
        long limit = task.process.softLimits[Limits.FSIZE];
        if (limit == Limits.INFINITY || limit < 0) {
            return Math.min(wanted, Long.MAX_VALUE - at);
        }
        if (at >= limit) {
            tooBig(task);
            return 0;
        }
        return Math.min(wanted, limit - at);
    }

    private void tooBig(Task task) {
        kernel.signal(task, SigInfo.user(Signal.SIGXFSZ, task.process.pid, task.credentials.uid()));
    }

    /** Whether RLIMIT_FSIZE lets a file grow to a size. @return 0 or -EFBIG, with SIGXFSZ */
    long mayGrow(Task task, Inode inode, long size) {
        long limit = task.process.softLimits[Limits.FSIZE];
        if (limit == Limits.INFINITY || limit < 0 || size <= limit || size <= inode.length()) {
            return 0;
        }
        tooBig(task);
        return -Errno.EFBIG;
    }

    long readdir(Task task, OpenFile file, DirSink sink) {
        if (!file.readable()) {
            return -Errno.EBADF;
        }
        if (!file.inode().directory()) {
            return -Errno.ENOTDIR;
        }
        if (file.path.dentry().unlinked) {
            return -Errno.ENOENT;
        }
        long result = file.ops().readdir(task, file, sink);
        if (result == 0) {
            accessed(file);
        }
        return result;
    }
}
