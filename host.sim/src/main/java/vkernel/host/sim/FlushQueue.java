package vkernel.host.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a hart was asked to forget and has not yet. A full queue becomes "forget all". Guarded by its core's lock. */
final class FlushQueue {
    private static final int SIZE = 16;

    private final @Nullable Space[] spaces = new @Nullable Space[SIZE];
    private final long[] starts = new long[SIZE];
    private final long[] lengths = new long[SIZE];
    private int size;
    private boolean all;
    private boolean writes;

    void add(Space space, long va, long length) {
        if (size == SIZE) {
            all = true;
            return;
        }
        spaces[size] = space;
        starts[size] = va;
        lengths[size++] = length;
    }

    void addWrites() {
        writes = true;
    }

    /** Whether it asks to forget a page. */
    boolean covers(Space space, long va) {
        if (all) return true;
        for (int i = 0; i < size; i++) {
            if (spaces[i] == space && va >= starts[i] && va - starts[i] < lengths[i]) return true;
        }
        return false;
    }

    /** Empties itself into the hart's buffers. */
    void apply(TlbPool pool) {
        if (all) pool.flush();
        else if (writes) pool.flushWrites();
        for (int i = 0; i < size; i++) {
            TlbPool.Slot slot = pool.find(spaces[i]);
            if (slot != null) flush(slot, starts[i], lengths[i]);
        }
        Arrays.fill(spaces, 0, size, null);
        size = 0;
        all = false;
        writes = false;
    }

    private static void flush(TlbPool.Slot slot, long va, long length) {
        slot.shadow.flush(va, length);
        slot.tlb.flush(va, length);
    }
}
