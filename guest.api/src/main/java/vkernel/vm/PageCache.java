package vkernel.vm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pages in memory of one file, or of a shared anonymous mapping (Linux: struct address_space). Plain data: a map
 * from page index to frame, and who maps it. A page that is not here is read from {@link #source}, or is zero.
 */
public final class PageCache {
    private static final int NONE = -1;

    /** Null when missing pages are zero. */
    public @Nullable PageSource source;

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

    private long[] keys = new long[8];
    private int[] frames = new int[8];
    private int count;

    public PageCache() {
        Arrays.fill(keys, NONE);
    }

    /** Number of pages in memory. */
    public int count() {
        return count;
    }

    /** The frame of a page, or -1. */
    public int frame(long index) {
        int at = slot(index);
        return keys[at] == index ? frames[at] : NONE;
    }

    /** Adds a page that is not there. */
    public void put(long index, int frame) {
        if ((count + 1) * 4 > keys.length * 3) {
            grow();
        }
        int at = slot(index);
        keys[at] = index;
        frames[at] = frame;
        count++;
    }

    /** Takes a page away. @return its frame, or -1 */
    public int remove(long index) {
        int at = slot(index);
        if (keys[at] != index) {
            return NONE;
        }
        int frame = frames[at];
        count--;
        close(at);
        return frame;
    }

    /** The indices of the pages in memory, in no order. */
    public long[] indices() {
        long[] indices = new long[count];
        int n = 0;
        for (long key : keys) {
            if (key != NONE) {
                indices[n++] = key;
            }
        }
        return indices;
    }

    private int slot(long index) {
        int mask = keys.length - 1;
        int at = (int) ((index * 0x9E37_79B9_7F4A_7C15L) >>> 40) & mask;
        while (keys[at] != NONE && keys[at] != index) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldFrames = frames;
        keys = new long[oldKeys.length * 2];
        frames = new int[keys.length];
        Arrays.fill(keys, NONE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != NONE) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                frames[at] = oldFrames[i];
            }
        }
    }

    /** Closes the gap that a removal leaves in a linear-probing table. */
    private void close(int gap) {
        int mask = keys.length - 1;
        keys[gap] = NONE;
        for (int at = (gap + 1) & mask; keys[at] != NONE; at = (at + 1) & mask) {
            long key = keys[at];
            int frame = frames[at];
            keys[at] = NONE;
            int home = slot(key);
            keys[home] = key;
            frames[home] = frame;
        }
    }
}
