package vkernel.guest.fs.tmpfs;

import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.vm.MemoryStats;
import vkernel.vm.PageCache;

/**
 * What is in regular files (Linux: shmem_file_operations), and the limit on it. A page counts against the limit once a
 * call has made it; one made by a write to a mapping is counted at the next call on the file. Pages of a file that
 * lies in a ROM do not count.
 */
final class Contents {
    private static final int PAGE_SHIFT = 12;
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;

    private final Kernel kernel;

    Contents(Kernel kernel) {
        this.kernel = kernel;
    }

    long write(Inode inode, IoBuffer from, long position) {
        PageCache pages = inode.pages;
        if (pages == null) {
            return -Errno.EINVAL;
        }
        long wanted = from.remaining();
        long room = room(inode, pages, position, wanted);
        if (room == 0 && wanted > 0) {
            return -Errno.ENOSPC;
        }
        long n = kernel.vm().writePages(pages, position, room < wanted ? from.limited(room) : from);
        charge(inode);
        return n;
    }

    /** How many bytes from {@code position} on the limit leaves room for. */
    private static long room(Inode inode, PageCache pages, long position, long length) {
        SuperBlock sb = inode.sb;
        if (sb.maxPages == 0 || pages.source != null || length == 0) {
            return length;
        }
        long free = sb.maxPages - sb.pages;
        long last = position + length - 1 >>> PAGE_SHIFT;
        if (last - (position >>> PAGE_SHIFT) < free) {
            return length;
        }
        for (long index = position >>> PAGE_SHIFT; index <= last; index++) {
            if (!pages.has(index) && free-- <= 0) {
                return Math.max(0, (index << PAGE_SHIFT) - position);
            }
        }
        return length;
    }

    private static void charge(Inode inode) {
        PageCache pages = inode.pages;
        int count = pages == null || pages.source != null ? 0 : pages.pages();
        inode.sb.pages += count - inode.charged;
        inode.charged = count;
    }

    long truncate(Inode inode, long size) {
        PageCache pages = inode.pages;
        if (pages == null) {
            return -Errno.EINVAL;
        }
        kernel.vm().truncatePages(pages, size);
        charge(inode);
        touch(inode);
        return 0;
    }

    long allocate(Inode inode, int mode, long offset, long length) {
        PageCache pages = inode.pages;
        if (pages == null || (mode & ~(KEEP_SIZE | PUNCH_HOLE)) != 0 || mode == PUNCH_HOLE) {
            return -Errno.EOPNOTSUPP;
        }
        long error = 0;
        if ((mode & PUNCH_HOLE) != 0) {
            kernel.vm().punchPages(pages, offset, length);
        } else {
            error = fill(inode, pages, offset, length, (mode & KEEP_SIZE) != 0);
        }
        charge(inode);
        touch(inode);
        return error;
    }

    private long fill(Inode inode, PageCache pages, long offset, long length, boolean keepSize) {
        long first = offset >>> PAGE_SHIFT;
        long last = offset + length - 1 >>> PAGE_SHIFT;
        MemoryStats memory = kernel.vm().stats();
        if (last - first >= memory.total() + memory.swapTotal() >>> PAGE_SHIFT
                || room(inode, pages, offset, length) < length) {
            return -Errno.ENOSPC;
        }
        for (long index = first; index <= last; index++) {
            long page = kernel.vm().page(pages, index, true);
            if (page < 0) {
                return page == -Errno.ENOMEM ? -Errno.ENOSPC : page;
            }
        }
        if (!keepSize && offset + length > pages.size) {
            kernel.vm().truncatePages(pages, offset + length);
        }
        return 0;
    }

    /** Gives back what a file that is gone has taken. */
    void free(Inode inode) {
        PageCache pages = inode.pages;
        if (pages != null) {
            pages.source = null;
            kernel.vm().truncatePages(pages, 0);
        }
        charge(inode);
    }

    private void touch(Inode inode) {
        inode.mtime = inode.ctime = kernel.realtime();
    }
}
