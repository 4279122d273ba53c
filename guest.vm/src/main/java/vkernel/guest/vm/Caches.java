package vkernel.guest.vm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;

/** The page caches that have pages, and whose page is in a frame (Linux: page_mapping, folio->index). */
final class Caches {
    private final SequencedSet<PageCache> all;
    private final Frames frames;
    /** Soft: by number. */
    private final List<@Nullable PageCache> numbered = new ArrayList<>();
    /** Soft: numbers in use. */
    private final BitSet numbers = new BitSet();
    /** No smaller number is free. */
    private int lowest;

    Caches(SequencedSet<PageCache> all, Frames frames) {
        this.all = all;
        this.frames = frames;
        for (PageCache cache : all) {
            number(cache, cache.number);
        }
    }

    private void number(PageCache cache, int number) {
        while (numbered.size() <= number) {
            numbered.add(null);
        }
        numbered.set(number, cache);
        numbers.set(number);
        cache.number = number;
    }

    /** Notes a cache before its first page. */
    void add(PageCache cache) {
        if (all.add(cache)) {
            lowest = numbers.nextClearBit(lowest);
            number(cache, lowest);
        }
    }

    /** Forgets a cache if it has no pages. */
    void settle(PageCache cache) {
        if (cache.pages() == 0 && all.remove(cache)) {
            forget(cache);
        }
    }

    private void forget(PageCache cache) {
        numbered.set(cache.number, null);
        numbers.clear(cache.number);
        lowest = Math.min(lowest, cache.number);
        cache.number = -1;
    }

    /** All of them, as they came. Whoever finds one without pages may remove it. */
    Iterator<PageCache> iterator() {
        Iterator<PageCache> each = all.iterator();
        return new Iterator<>() {
            private @Nullable PageCache last;

            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public PageCache next() {
                return last = each.next();
            }

            @Override
            public void remove() {
                each.remove();
                if (last != null) {
                    forget(last);
                }
            }
        };
    }

    /** All of them, as they are now. */
    List<PageCache> list() {
        return List.copyOf(all);
    }

    /** The cache whose page is in a frame of kind CACHE; null when it is not known (files of more than 128 TiB). */
    @Nullable
    PageCache of(int frame) {
        int number = FrameTable.space(frames.where(frame));
        PageCache cache = number < numbered.size() ? numbered.get(number) : null;
        return cache != null && cache.frame(index(frame)) == frame ? cache : null;
    }

    /** Which page of {@link #of} it is. */
    long index(int frame) {
        return FrameTable.va(frames.where(frame)) >>> PageTables.SHIFT;
    }
}
