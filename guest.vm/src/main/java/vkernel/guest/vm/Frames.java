package vkernel.guest.vm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.VmCounters;

/**
 * Physical memory, a frame at a time (Linux: mm/page_alloc.c). Here: allocation and references. Not here: where memory
 * comes from when there is none (Supply).
 */
final class Frames {
    static final int NONE = FrameTable.NONE;
    /** The page of zeros. */
    static final int ZERO = 0;

    private static final int MAX_RESERVE = 64;
    private static final VarHandle REFS = MethodHandles.arrayElementVarHandle(int[].class);

    private final FrameTable table;
    private final VmCounters counters;
    /** Frames that only page tables may have, so that memory can be given back when none is left. */
    private final int reserve;
    /** Frames without references that some hart may still reach; a list through {@code next}. */
    private int gathered = NONE;

    Frames(FrameTable table, VmCounters counters) {
        this.table = table;
        this.counters = counters;
        reserve = Math.min(MAX_RESERVE, table.size() / 32);
    }

    /** A table in which nothing is in use but the page of zeros. */
    static FrameTable newTable(int frames) {
        FrameTable table = new FrameTable(frames);
        table.kinds[ZERO] = FrameTable.ZERO;
        table.count[FrameTable.ZERO]++;
        table.count[FrameTable.FREE]--;
        table.fresh = 1;
        return table;
    }

    /**
     * Takes a frame, with one reference and whatever contents.
     *
     * @return NONE when there is none
     */
    int take(int kind) {
        int[] count = table.count;
        if (count[FrameTable.FREE] <= (kind == FrameTable.TABLE ? 0 : reserve)) {
            return NONE;
        }
        int frame = table.firstFree;
        if (frame == NONE) {
            frame = table.fresh++;
        } else {
            table.firstFree = table.next[frame];
        }
        table.refs[frame] = 1;
        table.kinds[frame] = (byte) kind;
        count[FrameTable.FREE]--;
        count[kind]++;
        counters.pagesAllocated++;
        return frame;
    }

    /** One reference more. */
    void share(int frame) {
        if (frame != ZERO) {
            table.refs[frame]++;
        }
    }

    /** One reference more, while others count the frame's too. */
    void shareTogether(int frame) {
        REFS.getAndAdd(table.refs, frame, 1);
    }

    /** One reference less, while others count the frame's too. @return whether it was the last */
    boolean unrefTogether(int frame) {
        return (int) REFS.getAndAdd(table.refs, frame, -1) == 1;
    }

    /** Whether nothing else refers to the frame. */
    boolean sole(int frame) {
        return frame != ZERO && (int) REFS.getOpaque(table.refs, frame) == 1;
    }

    int refs(int frame) {
        return table.refs[frame];
    }

    /** One reference less of a frame that no hart can reach through it; free with the last. */
    void release(int frame) {
        if (frame != ZERO && unref(frame)) {
            free(frame);
        }
    }

    /** One reference less of a frame that harts may reach until {@link #releaseGathered}; not reused before that. */
    void gather(int frame) {
        if (frame != ZERO && unref(frame)) {
            table.next[frame] = gathered;
            gathered = frame;
        }
    }

    /** Frees what was gathered: no hart can reach it now. */
    void releaseGathered() {
        while (gathered != NONE) {
            int frame = gathered;
            gathered = table.next[frame];
            free(frame);
        }
    }

    private boolean unref(int frame) {
        int left = --table.refs[frame];
        if (left < 0) {
            throw new IllegalStateException("frame " + frame + " was released too often");
        }
        return left == 0;
    }

    private void free(int frame) {
        table.count[table.kind(frame)]--;
        table.count[FrameTable.FREE]++;
        table.kinds[frame] = FrameTable.FREE;
        table.next[frame] = table.firstFree;
        table.firstFree = frame;
        counters.pagesFreed++;
    }

    /** A frame that is in use becomes one of another kind. */
    void rekind(int frame, int kind) {
        table.count[table.kind(frame)]--;
        table.count[kind]++;
        table.kinds[frame] = (byte) kind;
    }

    /** Notes where a private page is mapped; of others it is known whose they are. */
    void note(int frame, int space, long va) {
        if (table.kind(frame) == FrameTable.ANONYMOUS) {
            table.where[frame] = FrameTable.place(space, va);
        }
    }

    /** Notes whose page is in a frame of kind CACHE. */
    void note(int frame, PageCache cache, long index) {
        table.where[frame] = FrameTable.place(cache.number, index << PageTables.SHIFT);
    }

    /** Where a private page was last mapped; whose another one is. */
    long where(int frame) {
        return table.where[frame];
    }

    int kind(int frame) {
        return table.kind(frame);
    }

    boolean dirty(int frame) {
        return table.dirty(frame);
    }

    /** Notes that the contents of a page of a cache can be read again from nowhere. */
    void markDirty(int frame) {
        table.kinds[frame] |= FrameTable.DIRTY;
    }

    /** Notes that a page of a cache is about to be what its disk has. */
    void markClean(int frame) {
        table.kinds[frame] &= ~FrameTable.DIRTY;
    }

    /** Notes that a call has used a page of a cache: no table says so. */
    void markUsed(int frame) {
        table.kinds[frame] |= FrameTable.USED;
    }

    /** Whether a call has used a page of a cache since this was last asked. */
    boolean wasUsed(int frame) {
        boolean was = (table.kinds[frame] & FrameTable.USED) != 0;
        table.kinds[frame] &= ~FrameTable.USED;
        return was;
    }

    /** Frames of a kind. */
    int count(int kind) {
        return table.count[kind];
    }

    int size() {
        return table.size();
    }
}
