package vkernel.host.sim;

import org.jspecify.annotations.Nullable;
import vkernel.host.Window;
import vkernel.host.engine.Tlb;

/**
 * A hart's translation buffers, one for each of the address spaces it ran in last (hardware: a TLB tagged by ASID), so
 * that switching between a few processes keeps them warm. Hart thread only.
 */
final class TlbPool {
    static final int SIZE = 8;

    /** One buffer and whose it is. */
    static final class Slot {
        final Tlb tlb = new Tlb();
        final ShadowTlb shadow = new ShadowTlb();

        @Nullable
        Space space;

        private long lastUse;
    }

    private final int hart;
    private final @Nullable Slot[] slots = new @Nullable Slot[SIZE];
    private long uses;
    /** {@link Window#shortages} when the windows were last renewed. */
    private int shortages;

    TlbPool(int hart) {
        this.hart = hart;
    }

    /** The buffer of a space; the one used least recently is emptied for a space that has none. */
    Slot take(Space space) {
        Slot slot = find(space);
        if (slot == null) {
            slot = oldest();
            if (slot.space != null) slot.space.droppedBy(hart);
            slot.tlb.flush();
            slot.shadow.flush();
            slot.space = space;
            space.cachedBy(hart);
        }
        slot.lastUse = ++uses;
        return slot;
    }

    @Nullable
    Slot find(Space space) {
        for (Slot slot : slots) {
            if (slot != null && slot.space == space) return slot;
        }
        return null;
    }

    void flushWrites() {
        for (Slot slot : slots) {
            if (slot != null) slot.tlb.flushWrites();
        }
    }

    void flush() {
        for (Slot slot : slots) {
            if (slot == null) continue;
            slot.tlb.flush();
            slot.shadow.flush();
        }
    }

    /** When mappings have run out, those of spaces that do not run are given up too. */
    void renewWindows() {
        if (shortages == Window.shortages()) return;
        shortages = Window.shortages();
        for (Slot slot : slots) {
            if (slot != null && slot.tlb.window != null) slot.tlb.window.renew();
        }
    }

    private Slot oldest() {
        int oldest = 0;
        for (int i = 0; i < SIZE; i++) {
            Slot slot = slots[i];
            if (slot == null) return slots[i] = new Slot();
            if (slot.lastUse < slots[oldest].lastUse) oldest = i;
        }
        return slots[oldest];
    }
}
