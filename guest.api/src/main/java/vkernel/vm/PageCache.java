package vkernel.vm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.kern.Slot;

/**
 * The pages in memory of one file, or of a shared anonymous mapping (Linux: struct address_space). Plain data: a map
 * from page index to frame, another to slots of swap space, and who maps it. A page that is in neither is read from
 * {@link #source}, or is zero.
 */
public final class PageCache {
    /** Null when missing pages are zero. */
    public @Nullable PageSource source;

    /** Who brings pages that are missing and takes modified ones back; null for none. */
    public @Nullable Slot<? extends PageStore> store;

    /** The file of {@link #store} whose contents it is. */
    public @Nullable Inode file;

    /** Size of the file, bytes: a mapped access to a page wholly beyond gives SIGBUS. */
    public long size;

    /** Pages of {@link #source} that have been punched out and read as zeros; null for none. */
    public @Nullable BitSet holes;

    /**
     * Its pages are freed with the last mapping: shared anonymous memory of mmap(2), a private /dev/zero. Others are
     * freed by their owner with {@link Vm#truncatePages}.
     */
    public boolean ownedByMappings;

    /** Shared anonymous memory is a file without a name: its number, shown in /proc/PID/maps; 0 for others. */
    public long ino;

    /** Ranges that map it, for truncation. */
    public final List<Vma> mappings = new ArrayList<>(0);

    private final PageMap frames = new PageMap();

    /** Pages in swap space: index to slot. None of them is in memory. */
    public final PageMap swapped = new PageMap();

    /** What its frames call it while it has pages, for {@link FrameTable#where}; -1 while it has none. */
    public int number = -1;

    /** Whether a page that was not modified can be brought again. */
    public boolean renewable() {
        return source != null || store != null;
    }

    /** Number of pages in memory. */
    public int count() {
        return frames.count();
    }

    /** Number of pages in memory and in swap space: what it takes of a file system that lies nowhere else. */
    public int pages() {
        return frames.count() + swapped.count();
    }

    /** Whether a page is in memory or in swap space; else it is what {@link #source} says, or zero. */
    public boolean has(long index) {
        return frames.get(index) >= 0 || swapped.get(index) >= 0;
    }

    /** The frame of a page, or -1. */
    public int frame(long index) {
        return frames.get(index);
    }

    /** Adds a page that is not there. */
    public void put(long index, int frame) {
        frames.put(index, frame);
    }

    /** Takes a page away. @return its frame, or -1 */
    public int remove(long index) {
        return frames.remove(index);
    }

    /** The indices of the pages in memory, in no order. */
    public long[] indices() {
        return frames.pages();
    }
}
