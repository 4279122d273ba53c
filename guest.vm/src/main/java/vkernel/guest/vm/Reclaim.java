package vkernel.guest.vm;

import java.util.Iterator;
import java.util.SequencedSet;
import vkernel.vm.PageCache;

/** Takes back pages that can be read again (Linux: mm/vmscan.c): first those that nobody maps, then mapped ones. */
final class Reclaim {
    /** Frames that one call frees. */
    private static final int BATCH = 64;

    private final Frames frames;
    private final Zap zap;
    private final SequencedSet<PageCache> caches;

    Reclaim(Frames frames, Zap zap, SequencedSet<PageCache> caches) {
        this.frames = frames;
        this.zap = zap;
        this.caches = caches;
    }

    /** @return frames freed; 0 when nothing is left that could be */
    int some() {
        int freed = scan(false, BATCH);
        return freed > 0 ? freed : scan(true, BATCH);
    }

    private int scan(boolean mapped, int wanted) {
        int freed = 0;
        for (Iterator<PageCache> i = caches.iterator(); i.hasNext() && freed < wanted; ) {
            PageCache cache = i.next();
            if (cache.source != null) {
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
                freed++;
            }
        }
        return freed;
    }
}
