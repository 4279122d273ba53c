package vkernel.vm;

import vkernel.kern.Faults;

/**
 * What every frame of RAM is used for (Linux: struct page, mem_map). Plain data, one slot per frame, no object per
 * frame; guest.vm decides.
 */
public final class FrameTable {
    /** Kinds, in {@link #kinds}. */
    public static final int FREE = 0;
    /** The page of zeros that all share: never freed, its references are not counted. */
    public static final int ZERO = 1;
    /** A private page of processes. */
    public static final int ANONYMOUS = 2;
    /** A page of a {@link PageCache}. */
    public static final int CACHE = 3;
    /** A page table. */
    public static final int TABLE = 4;
    /** A page on its way to swap space or from there. */
    public static final int SWAP = 5;
    /** Number of kinds. */
    public static final int KINDS = 6;
    /** The bits of a kind. */
    public static final int KIND = 0x0f;
    /** Flag beside a kind: its contents can be read again from nowhere. */
    public static final int DIRTY = 0x10;
    /** Flag beside the kind CACHE: used by a call since that was last asked. */
    public static final int USED = 0x20;

    private static final int PLACE_BITS = 35; // of 47-bit addresses

    /** No frame. */
    public static final int NONE = -1;

    /** References: page table entries and page caches; of a page table 1 and one for each entry in use. */
    public final int[] refs;
    /** The next frame of the list that a frame without references is on. */
    public final int[] next;
    /**
     * Of a private page: the last place where it was put, as {@link #place} has it. Of a page of a cache: the cache's
     * number and the page's index, in the same form. A hint.
     */
    public final long[] where;
    /** A kind and flags. */
    public final byte[] kinds;
    /** Frames of each kind. */
    public final int[] count = new int[KINDS];

    /** Frames from here on have never been used. */
    public int fresh;
    /** First of the frames that have been freed. */
    public int firstFree = NONE;

    public FrameTable(int frames) {
        refs = new int[frames];
        next = new int[frames];
        where = new long[frames];
        kinds = new byte[frames];
        count[FREE] = frames;
    }

    /** An address space and a page in it, as one number. */
    public static long place(int space, long va) {
        return (long) space << PLACE_BITS | va >>> 12;
    }

    /** The address space of a place. */
    public static int space(long place) {
        return (int) (place >>> PLACE_BITS);
    }

    /** The address of a place. */
    public static long va(long place) {
        return (place & (1L << PLACE_BITS) - 1) << 12;
    }

    /** Number of frames. */
    public int size() {
        return refs.length;
    }

    public int kind(int frame) {
        return kinds[frame] & KIND;
    }

    public boolean dirty(int frame) {
        return (kinds[frame] & DIRTY) != 0;
    }

    /** Notes what is wrong with the counts and the lists' ends. */
    void check(Faults faults) {
        int sum = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            faults.expect(count[kind] >= 0, "%d frames of kind %d", count[kind], kind);
            sum += count[kind];
        }
        faults.expect(sum == size(), "%d frames are counted and there are %d", sum, size())
                .expect(next.length == size() && kinds.length == size(), "tables of several sizes")
                .expect(fresh >= 0 && fresh <= size(), "frame %d is the first never used", fresh)
                .expect(firstFree >= NONE && firstFree < fresh, "frame %d is the first free", firstFree);
    }

    /** Notes what is wrong with any frame. */
    void checkAll(Faults faults) {
        int[] found = new int[KINDS];
        for (int frame = 0; frame < size(); frame++) {
            int kind = kind(frame);
            faults.expect(kind < KINDS, "frame %d is of kind %d", frame, kind)
                    .expect(
                            kind == FREE ? refs[frame] == 0 : kind == ZERO || refs[frame] > 0,
                            "frame %d of kind %d has %d references",
                            frame,
                            kind,
                            refs[frame]);
            if (kind < KINDS) {
                found[kind]++;
            }
        }
        for (int kind = 0; kind < KINDS; kind++) {
            faults.expect(found[kind] == count[kind], "%d frames of kind %d, not %d", found[kind], kind, count[kind]);
        }
    }
}
