package vkernel.guest.fs.vfs;

import vkernel.fs.DirSink;
import vkernel.fs.FileOps;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Limits;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.vm.PageCache;

/** read(2), write(2), lseek(2), getdents64(2): positions, limits and times around what the file's own operations do. */
final class Io {
    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int PAGE_SHIFT = 12;

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
                at = inode.length();
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
        long n = file.ops().write(task, file, room < wanted ? from.limited(room) : from, at);
        if (n > 0) {
            if ((inode.mode & (Mode.S_ISUID | Mode.S_ISGID)) != 0 && task.credentials.fsuid() != 0) {
                inode.mode = Access.withoutSetIds(inode.mode);
            }
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

    long seek(OpenFile file, long offset, int whence) {
        if ((file.flags & Mode.O_PATH) != 0) {
            return -Errno.EBADF;
        }
        if (!file.ops().seekable(file)) {
            return -Errno.ESPIPE;
        }
        Inode inode = file.inode();
        if (inode.directory() && whence != SEEK_SET && whence != SEEK_CUR) {
            return -Errno.EINVAL;
        }
        long base =
                switch (whence) {
                    case SEEK_SET, SEEK_DATA, SEEK_HOLE -> 0;
                    case SEEK_CUR -> file.position;
                    case SEEK_END -> inode.length();
                    default -> -1;
                };
        if (base < 0 && whence != SEEK_CUR) {
            return -Errno.EINVAL;
        }
        long at = base + offset;
        if (whence == SEEK_DATA || whence == SEEK_HOLE) {
            at = offset < 0 || offset >= inode.length() ? -Errno.ENXIO : find(inode, offset, whence == SEEK_DATA);
            if (at < 0) {
                return at;
            }
        }
        if (at < 0) {
            return offset > 0 ? -Errno.EOVERFLOW : -Errno.EINVAL;
        }
        file.position = at;
        return at;
    }

    /** The next byte from an offset on that is in a page, or in a hole; the end counts as a hole. */
    private static long find(Inode inode, long offset, boolean data) {
        PageCache pages = inode.pages;
        long end = inode.length();
        if (pages == null) {
            return data ? offset : end;
        }
        long at = offset;
        if (data) {
            return there(pages, offset >>> PAGE_SHIFT) ? offset : nextPage(pages, offset >>> PAGE_SHIFT, end);
        }
        while (at < end && there(pages, at >>> PAGE_SHIFT)) {
            at = (at >>> PAGE_SHIFT) + 1 << PAGE_SHIFT;
        }
        return Math.min(at, end);
    }

    private static boolean there(PageCache pages, long index) {
        return pages.frame(index) >= 0
                || index < romPages(pages) && (pages.holes == null || !pages.holes.get((int) index));
    }

    private static long romPages(PageCache pages) {
        return pages.source == null ? 0 : pages.source.length() + (1 << PAGE_SHIFT) - 1 >>> PAGE_SHIFT;
    }

    /** Where the next page behind a hole begins. */
    private static long nextPage(PageCache pages, long hole, long end) {
        long next = hole < romPages(pages) && pages.holes != null ? pages.holes.nextClearBit((int) hole) : Long.MAX_VALUE;
        if (next >= romPages(pages)) {
            next = Long.MAX_VALUE;
        }
        for (long index : pages.indices()) {
            if (index > hole && index < next) {
                next = index;
            }
        }
        return next > end - 1 >>> PAGE_SHIFT ? -Errno.ENXIO : next << PAGE_SHIFT;
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
