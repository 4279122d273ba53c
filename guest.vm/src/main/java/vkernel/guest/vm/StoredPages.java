package vkernel.guest.vm;

import java.util.Arrays;
import vkernel.kern.Errno;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;

/** Pages on their way from and to disks (Linux: add_to_page_cache, clear_page_dirty_for_io). */
final class StoredPages {
    private final Frames frames;
    private final Supply supply;
    private final Zap zap;
    private final FilePages files;

    StoredPages(Frames frames, Supply supply, Zap zap, FilePages files) {
        this.frames = frames;
        this.supply = supply;
        this.zap = zap;
        this.files = files;
    }

    long take() {
        int frame = supply.frame(FrameTable.CACHE);
        return frame == Frames.NONE ? -Errno.ENOMEM : PageTables.address(frame);
    }

    void give(long address) {
        frames.release(PageTables.frameOf(address));
    }

    boolean insert(PageCache cache, long index, long address) {
        if (cache.frame(index) >= 0) {
            return false;
        }
        files.add(cache, index, PageTables.frameOf(address));
        return true;
    }

    long hold(PageCache cache, long index) {
        int frame = cache.frame(index);
        if (frame < 0) {
            return -Errno.ENOENT;
        }
        frames.share(frame);
        return PageTables.address(frame);
    }

    /** Who maps it shall fault at the next write, and be noted. */
    void clean(PageCache cache, long index) {
        int frame = cache.frame(index);
        if (frame < 0) {
            return;
        }
        if (!cache.mappings.isEmpty()) {
            zap.unmapEverywhere(cache, index, index + 1, true);
        }
        frames.markClean(frame);
    }

    void dirty(PageCache cache, long index) {
        int frame = cache.frame(index);
        if (frame >= 0) {
            files.modified(cache, frame);
        }
    }

    long[] dirtyPages(PageCache cache) {
        long[] indices = cache.indices();
        int n = 0;
        for (long index : indices) {
            if (frames.dirty(cache.frame(index))) {
                indices[n++] = index;
            }
        }
        long[] dirty = Arrays.copyOf(indices, n);
        Arrays.sort(dirty);
        return dirty;
    }
}
