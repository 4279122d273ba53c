package vkernel.guest.vm;

import java.util.Iterator;
import vkernel.kern.Slot;
import vkernel.vm.PageCache;
import vkernel.vm.PageStore;
import vkernel.vm.VmCounters;

/**
 * Takes back pages that can be read again (Linux: mm/vmscan.c), as they come. What is in use goes in the order of a policy
 * before ({@link Victims}).
 */
final class Reclaim {
    /** Frames that one call frees. */
    private static final int BATCH = 64;

    private final Frames frames;
    private final Zap zap;
    private final Caches caches;
    private final VmCounters counters;

    Reclaim(Frames frames, Zap zap, Caches caches, VmCounters counters) {
        this.counters = counters;
        this.frames = frames;
        this.zap = zap;
        this.caches = caches;
    }

    /** Pages that nobody maps. @return frames freed */
    int unmapped() {
        return scan(false, BATCH);
    }

    /** Whatever can be read again. @return frames freed; 0 when nothing is left that could be */
    int all() {
        return scan(true, BATCH);
    }

    /** Has modified pages written, which could not be read again before. @return whether some were */
    boolean writeBack() {
        for (PageCache cache : caches.list()) {
            Slot<? extends PageStore> store = cache.store;
            PageStore there = store == null ? null : store.orNull();
            int before = there == null ? 0 : modified(cache);
            if (there != null && before > 0) {
                there.writeBack(cache);
                int written = before - modified(cache);
                if (written > 0) {
                    counters.writtenBack += written;
                    return true;
                }
            }
        }
        return false;
    }

    private int modified(PageCache cache) {
        int count = 0;
        for (long index : cache.indices()) {
            count += frames.dirty(cache.frame(index)) ? 1 : 0;
        }
        return count;
    }

    private int scan(boolean mapped, int wanted) {
        int freed = 0;
        for (Iterator<PageCache> i = caches.iterator(); i.hasNext() && freed < wanted; ) {
            PageCache cache = i.next();
            if (cache.renewable()) {
                freed += scan(cache, mapped, wanted - freed);
            }
            if (cache.pages() == 0) {
                i.remove();
            }
        }
        return freed;
    }

    private int scan(PageCache cache, boolean mapped, int wanted) {
        int freed = 0;
        for (long index : cache.indices()) {
            int frame = cache.frame(index);
            if (freed == wanted) {
                break;
            }
            if (frames.dirty(frame) || !FilePages.inSource(cache, index)) {
                continue;
            }
            if (mapped && !frames.sole(frame)) {
                zap.unmapEverywhere(cache, index, index + 1, true);
            }
            if (frames.sole(frame)) {
                cache.remove(index);
                frames.release(frame);
                counters.reclaimed++;
                freed++;
            }
        }
        return freed;
    }
}
