package vkernel.guest.vm;

import java.util.List;
import java.util.Objects;
import vkernel.fs.OpenFile;
import vkernel.kern.Kernel;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.Vma;

/**
 * The ranges of an address space: adding, splitting, merging, removing (Linux: mm/vma.c). A range holds a reference of
 * its file and stands in the list of its cache's mappings.
 */
final class Ranges {
    private final Kernel kernel;
    private final Zap zap;
    private final PageEnd pageEnd;

    Ranges(Kernel kernel, Zap zap, PageEnd pageEnd) {
        this.kernel = kernel;
        this.zap = zap;
        this.pageEnd = pageEnd;
    }

    /** A range like another, elsewhere or of another space; it is not yet in its space. */
    static Vma like(Vma vma, AddressSpace space, long start, long end) {
        Vma copy = new Vma(space, start, end, vma.protection);
        copy.shared = vma.shared;
        copy.growsDown = vma.growsDown;
        copy.dontFork = vma.dontFork;
        copy.wipeOnFork = vma.wipeOnFork;
        copy.locked = vma.locked;
        copy.pages = vma.pages;
        copy.pageOffset = vma.pageOffset;
        copy.file = vma.file;
        copy.name = vma.name;
        return copy;
    }

    /** Adds a range where none is, and takes what it refers to. */
    static void add(Vma vma) {
        if (vma.file != null) {
            vma.file.refs++;
        }
        if (vma.pages != null) {
            vma.pages.mappings.add(vma);
        }
        vma.space.insert(vma);
    }

    /** Makes an address inside a range the border of two. */
    static void split(AddressSpace space, long at) {
        Vma vma = space.find(at);
        if (vma == null || vma.start == at) {
            return;
        }
        Vma upper = like(vma, space, at, vma.end);
        upper.pageOffset = vma.pageIndex(at);
        vma.end = at;
        add(upper);
    }

    /** The part of a range that lies in another, as a range of its own. */
    static Vma part(Vma vma, long start, long end) {
        split(vma.space, start);
        split(vma.space, end);
        Vma part = vma.space.find(start);
        return part == null ? vma : part;
    }

    /** Joins neighbours that are alike, from the one ending at {@code start} to the one beginning at {@code end}. */
    static void merge(AddressSpace space, long start, long end) {
        int i = Math.max(space.indexOf(start) - 1, 0);
        while (i + 1 < space.count() && space.vma(i).end <= end) {
            if (joins(space.vma(i), space.vma(i + 1))) {
                absorb(space, i);
            } else {
                i++;
            }
        }
    }

    private static boolean joins(Vma low, Vma high) {
        return low.end == high.start
                && low.protection == high.protection
                && low.shared == high.shared
                && !low.growsDown
                && !high.growsDown
                && low.dontFork == high.dontFork
                && low.wipeOnFork == high.wipeOnFork
                && low.locked == high.locked
                && low.pages == high.pages
                && low.file == high.file
                && Objects.equals(low.name, high.name)
                && (low.pages == null || low.pageIndex(low.end) == high.pageOffset);
    }

    private static void absorb(AddressSpace space, int i) {
        Vma high = space.vma(i + 1);
        space.vma(i).end = high.end;
        space.remove(i + 1);
        unlist(high);
        if (high.file != null) {
            high.file.refs--; // never the last: the lower range holds it too
        }
    }

    /** Unmaps whatever lies in a range. */
    void unmap(AddressSpace space, long start, long end) {
        split(space, start);
        split(space, end);
        zap.unmap(space, start, end);
        int i = space.indexOf(start);
        while (i < space.count() && space.vma(i).start < end) {
            Vma vma = space.vma(i);
            space.remove(i);
            letGo(vma);
        }
    }

    /** Gives back what a range that is in no space any more and has no pages present refers to. */
    void letGo(Vma vma) {
        PageCache cache = vma.pages;
        unlist(vma);
        if (cache != null && cache.ownedByMappings && cache.mappings.isEmpty()) {
            pageEnd.free(cache);
        }
        OpenFile file = vma.file;
        if (file != null) {
            kernel.vfs().close(file);
        }
    }

    /** The youngest mappings end first: look from the end. */
    private static void unlist(Vma vma) {
        if (vma.pages == null) {
            return;
        }
        List<Vma> mappings = vma.pages.mappings;
        int i = mappings.size() - 1;
        while (mappings.get(i) != vma) {
            i--;
        }
        Vma last = mappings.removeLast();
        if (last != vma) {
            mappings.set(i, last);
        }
    }

    /** Bytes mapped in a range. */
    static long mapped(AddressSpace space, long start, long end) {
        long bytes = 0;
        for (int i = space.indexOf(start); i < space.count() && space.vma(i).start < end; i++) {
            bytes += Math.min(space.vma(i).end, end) - Math.max(space.vma(i).start, start);
        }
        return bytes;
    }

    /** Whether ranges cover all of a range. */
    static boolean covered(AddressSpace space, long start, long end) {
        return mapped(space, start, end) == end - start;
    }
}
