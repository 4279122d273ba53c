package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.fs.IoBuffer;
import vkernel.host.Ram;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;

/** Reads and writes of a file's pages (Linux: generic_file_read_iter, generic_perform_write). */
final class FileCalls {
    private final Kernel kernel;
    private final Ram ram;
    private final Frames frames;
    private final Supply supply;
    private final FilePages files;

    FileCalls(Kernel kernel, Ram ram, Frames frames, Supply supply, FilePages files) {
        this.kernel = kernel;
        this.ram = ram;
        this.frames = frames;
        this.supply = supply;
        this.files = files;
    }

    long page(PageCache cache, long index, boolean create) {
        if (!create && !cache.has(index) && !FilePages.inSource(cache, index)) {
            return -Errno.ENOENT;
        }
        int frame = files.frame(cache, index, !create, working());
        if (frame < 0) {
            return errno(frame);
        }
        if (create && cache.renewable()) {
            files.modified(cache, frame);
        }
        frames.release(frame);
        return PageTables.address(frame);
    }

    private @Nullable AddressSpace working() {
        Task task = kernel.current();
        return task == null ? null : task.memory;
    }

    private static long errno(int frame) {
        return frame == FilePages.NO_MEMORY ? -Errno.ENOMEM : -Errno.EIO;
    }

    long read(PageCache cache, long position, IoBuffer to) {
        if (position < 0) {
            return -Errno.EINVAL;
        }
        long at = position;
        long bad = 0;
        while (bad == 0 && at < cache.size && to.remaining() > 0) {
            long left = Math.min(to.remaining(), cache.size - at);
            int n = (int) Math.min(left, PageTables.PAGE - (at & PageTables.PAGE - 1));
            long moved = readPart(cache, at, to, n);
            at += Math.max(moved, 0);
            bad = moved < 0 ? moved : moved < n ? -Errno.EFAULT : 0;
        }
        return at > position ? at - position : bad;
    }

    /** Bytes of one page. */
    private long readPart(PageCache cache, long at, IoBuffer to, int length) {
        long index = at >>> PageTables.SHIFT;
        if (!cache.has(index) && !FilePages.inSource(cache, index)) {
            return to.putZeros(length);
        }
        int frame = files.frame(cache, index, true, working());
        if (frame < 0) {
            return errno(frame);
        }
        int moved = to.put(PageTables.address(frame) + (at & PageTables.PAGE - 1), length);
        frames.release(frame);
        return moved;
    }

    long write(PageCache cache, long position, IoBuffer from) {
        if (position < 0) {
            return -Errno.EINVAL;
        }
        long at = position;
        long bad = 0;
        while (bad == 0 && at < Long.MAX_VALUE - PageTables.PAGE && from.remaining() > 0) {
            int n = (int) Math.min(from.remaining(), PageTables.PAGE - (at & PageTables.PAGE - 1));
            long moved = writePart(cache, at, from, n);
            at += Math.max(moved, 0);
            cache.size = moved > 0 ? Math.max(cache.size, at) : cache.size;
            bad = moved < 0 ? moved : moved < n ? -Errno.EFAULT : 0;
        }
        return at > position ? at - position : bad;
    }

    /** Bytes of one page. */
    private long writePart(PageCache cache, long at, IoBuffer from, int length) {
        long index = at >>> PageTables.SHIFT;
        boolean there = cache.has(index);
        if (cache.frame(index) < 0 && length == PageTables.PAGE && writeWhole(cache, index, from)) {
            return length;
        }
        int frame = files.frame(cache, index, false, null);
        if (frame < 0) {
            return frame == FilePages.NO_MEMORY ? -Errno.ENOSPC : -Errno.EIO;
        }
        int moved = from.get(PageTables.address(frame) + (at & PageTables.PAGE - 1), length);
        if (moved > 0 && cache.renewable()) {
            files.modified(cache, frame);
        }
        frames.release(frame);
        if (moved == 0 && !there && at >= cache.size) {
            files.drop(cache, index);
        }
        return moved;
    }

    /** A whole page that is not in memory: what it held before need not be read. @return whether all went well */
    private boolean writeWhole(PageCache cache, long index, IoBuffer from) {
        int frame = supply.frame(FrameTable.CACHE);
        if (frame == Frames.NONE) {
            return false;
        }
        int moved = from.get(PageTables.address(frame), PageTables.PAGE);
        if (moved < PageTables.PAGE || cache.frame(index) >= 0) { // or the source was a mapping of this very page
            from.back(moved);
            frames.release(frame);
            return false;
        }
        if (cache.renewable()) {
            files.modified(cache, frame);
        }
        files.forgetSwapped(cache, index);
        files.add(cache, index, frame);
        frames.markUsed(frame);
        return true;
    }
}
