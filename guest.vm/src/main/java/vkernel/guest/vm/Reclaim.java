package vkernel.guest.vm;

import java.util.Iterator;
import java.util.SequencedSet;
import vkernel.vm.PageCache;
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
    private final SequencedSet<PageCache> caches;
    private final VmCounters counters;

    Reclaim(Frames frames, Zap zap, SequencedSet<PageCache> caches, VmCounters counters) {
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

    private int scan(boolean mapped, int wanted) {
        int freed = 0;
        for (Iterator<PageCache> i = caches.iterator(); i.hasNext() && freed < wanted; ) {
            PageCache cache = i.next();
            if (cache.renewable()) {
                freed += scan(cache, mapped, wanted - freed);
            }
            if (cache.count() == 0) {
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
