package vkernel.guest.vm;

import java.util.BitSet;
import vkernel.host.Ram;
import vkernel.vm.PageCache;
import vkernel.vm.PageSource;

/** How pages of a cache end: truncation, holes (Linux: mm/truncate.c). */
final class PageEnd {
    private final Ram ram;
    private final Frames frames;
    private final Zap zap;
    private final FilePages files;

    PageEnd(Ram ram, Frames frames, Zap zap, FilePages files) {
        this.ram = ram;
        this.frames = frames;
        this.zap = zap;
        this.files = files;
    }

    /** Frees all pages of a cache that nobody maps. */
    void free(PageCache cache) {
        freePages(cache, 0, Long.MAX_VALUE);
    }

    void truncate(PageCache cache, long size) {
        if (size <= cache.size) { // pages may lie beyond the end too (fallocate)
            long end = FilePages.pages(size);
            zap.unmapEverywhere(cache, end, Long.MAX_VALUE, false);
            freePages(cache, end, Long.MAX_VALUE);
            shorten(cache, size);
            zeroPart(cache, size, end << PageTables.SHIFT);
        }
        cache.size = size;
    }

    /** What was cut off never comes back when the file grows again. */
    private static void shorten(PageCache cache, long size) {
        PageSource source = cache.source;
        if (source != null && size < source.length()) {
            cache.source = size == 0 ? null : new PageSource(source.rom(), source.offset(), size);
        }
    }

    /** Makes a hole: whole pages are freed, parts of pages zeroed. @return false when a page could not be had */
    boolean punch(PageCache cache, long position, long length) {
        long end = length > Long.MAX_VALUE - position ? Long.MAX_VALUE : position + length;
        long first = FilePages.pages(position);
        long last = end >>> PageTables.SHIFT;
        if (first > last) {
            return zeroPart(cache, position, end);
        }
        zap.unmapEverywhere(cache, first, last, true);
        freePages(cache, first, last);
        noteHole(cache, first, last);
        return zeroPart(cache, position, first << PageTables.SHIFT) & zeroPart(cache, last << PageTables.SHIFT, end);
    }

    private static void noteHole(PageCache cache, long first, long last) {
        PageSource source = cache.source;
        long end = source == null ? 0 : Math.min(last, FilePages.pages(source.length()));
        if (first < end) {
            if (cache.holes == null) {
                cache.holes = new BitSet();
            }
            cache.holes.set((int) first, (int) end);
        }
    }

    /** Zeroes bytes within one page, if there is anything but zeros. */
    private boolean zeroPart(PageCache cache, long from, long to) {
        long index = from >>> PageTables.SHIFT;
        if (from >= to || !cache.has(index) && !FilePages.inSource(cache, index)) {
            return true;
        }
        int frame = files.frame(cache, index, false, null);
        if (frame < 0) {
            return false;
        }
        ram.zero(PageTables.address(frame) + (from & PageTables.PAGE - 1), to - from);
        if (cache.renewable()) {
            files.modified(cache, frame);
        }
        frames.release(frame);
        return true;
    }

    private void freePages(PageCache cache, long first, long end) {
        if (cache.pages() == 0 || first >= end) {
            return;
        }
        if (end - first <= cache.pages()) {
            for (long index = first; index < end; index++) {
                files.drop(cache, index);
            }
            return;
        }
        freePages(cache, cache.indices(), first, end);
        freePages(cache, cache.swapped.pages(), first, end);
    }

    private void freePages(PageCache cache, long[] indices, long first, long end) {
        for (long index : indices) {
            if (index >= first && index < end) {
                files.drop(cache, index);
            }
        }
    }
}
