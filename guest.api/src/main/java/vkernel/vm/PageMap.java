package vkernel.vm;

import java.util.Arrays;

/** A map from the number of a page to a number of at least 0, without an object for each (Linux: struct xarray). */
public final class PageMap {
    /** Nothing is there. */
    public static final int NONE = -1;

    /** Of maps with nothing in them, which are many; never written. */
    private static final long[] NO_KEYS = {NONE};

    private static final int[] NO_VALUES = {NONE};
    private static final int LEAST = 8;

    private long[] keys = NO_KEYS;
    private int[] values = NO_VALUES;
    private int count;

    /** Number of pages in it. */
    public int count() {
        return count;
    }

    /** What a page has, or -1. */
    public int get(long page) {
        int at = slot(page);
        return keys[at] == page ? values[at] : NONE;
    }

    /** Adds a page that is not there. */
    public void put(long page, int value) {
        if ((count + 1) * 4 > keys.length * 3) {
            grow();
        }
        int at = slot(page);
        keys[at] = page;
        values[at] = value;
        count++;
    }

    /** Takes a page away. @return what it had, or -1 */
    public int remove(long page) {
        int at = slot(page);
        if (keys[at] != page) {
            return NONE;
        }
        int value = values[at];
        count--;
        close(at);
        return value;
    }

    /** The pages in it, in no order. */
    public long[] pages() {
        long[] pages = new long[count];
        int n = 0;
        for (long key : keys) {
            if (key != NONE) {
                pages[n++] = key;
            }
        }
        return pages;
    }

    private int slot(long page) {
        int mask = keys.length - 1;
        int at = (int) ((page * 0x9E37_79B9_7F4A_7C15L) >>> 40) & mask;
        while (keys[at] != NONE && keys[at] != page) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[Math.max(LEAST, oldKeys.length * 2)];
        values = new int[keys.length];
        Arrays.fill(keys, NONE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != NONE) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    /** Closes the gap that a removal leaves in a linear-probing table. */
    private void close(int gap) {
        int mask = keys.length - 1;
        keys[gap] = NONE;
        for (int at = (gap + 1) & mask; keys[at] != NONE; at = (at + 1) & mask) {
            long key = keys[at];
            int value = values[at];
            keys[at] = NONE;
            int home = slot(key);
            keys[home] = key;
            values[home] = value;
        }
    }
}
