package vkernel.guest.fs.vfs;

import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.vm.PageCache;

/** lseek(2), holes and data of sparse files included. */
final class Seek {
    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int PAGE_SHIFT = 12;

    /** Moves the position. @return the new one, or -EBADF, -EINVAL, -ENXIO, -EOVERFLOW, -ESPIPE */
    static long seek(OpenFile file, long offset, int whence) {
        if ((file.flags & Mode.O_PATH) != 0) {
            return -Errno.EBADF;
        }
        if (!file.ops().seekable(file)) {
            return -Errno.ESPIPE;
        }
        Inode inode = file.inode();
        boolean fromEnd = whence != SEEK_SET && whence != SEEK_CUR;
        if (fromEnd && (inode.directory() || !file.ops().ends(file))) {
            return -Errno.EINVAL;
        }
        long base = switch (whence) {
            case SEEK_SET, SEEK_DATA, SEEK_HOLE -> 0;
            case SEEK_CUR -> file.position;
            case SEEK_END -> file.ops().end(file);
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
        if (pages == null || pages.store != null) { // what lies on the disk is not asked
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
        return pages.has(index) || index < romPages(pages) && (pages.holes == null || !pages.holes.get((int) index));
    }

    private static long romPages(PageCache pages) {
        return pages.source == null ? 0 : pages.source.length() + (1 << PAGE_SHIFT) - 1 >>> PAGE_SHIFT;
    }

    /** Where the next page behind a hole begins. */
    private static long nextPage(PageCache pages, long hole, long end) {
        long next = Long.MAX_VALUE;
        if (hole < romPages(pages) && pages.holes != null) {
            int inRom = pages.holes.nextClearBit((int) hole);
            next = inRom < romPages(pages) ? inRom : next;
        }
        next = nearest(pages.swapped.pages(), hole, nearest(pages.indices(), hole, next));
        return next > end - 1 >>> PAGE_SHIFT ? -Errno.ENXIO : next << PAGE_SHIFT;
    }

    private static long nearest(long[] indices, long hole, long next) {
        long nearest = next;
        for (long index : indices) {
            nearest = index > hole ? Math.min(index, nearest) : nearest;
        }
        return nearest;
    }

    private Seek() {}
}
