package vkernel.host.riscv.jit;

import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Mark;

/**
 * A place of code that is worth counting, and the regions that begin there: one for each virtual address at which the
 * frame is mapped, which is one as a rule.
 */
final class Spot implements Mark {
    private static final int MOST_PATIENCE = 12;

    /** What is known of the place at one virtual address. */
    static final class Entry {
        final long va;
        private final @Nullable Entry next;
        /** Was met often enough to be translated, but for what {@link #covered} asks; harts race, and it does not matter. */
        boolean hot = true;
        /** Times that a hart stopped here while it waits for its translation; harts race, and it does not matter. */
        int met;
        /** No region can be made. */
        volatile boolean hopeless;
        /** It is part of another region: it wants one of its own only if it is much used. */
        volatile boolean covered;
        /** Times that a better region was wished for since the last was made, and those made for that. */
        private int wishes;

        private int better;
        /** Waits for its translation. */
        volatile boolean requested;

        volatile @Nullable Region region;

        Entry(long va, @Nullable Entry next) {
            this.va = va;
            this.next = next;
        }

        /** A better region can be made. @return whether it is time: each waits for four times as many wishes */
        synchronized boolean wished() {
            if (++wishes < 1L << 2 * better) return false;
            wishes = 0;
            better = Math.min(better + 1, MOST_PATIENCE);
            return true;
        }
    }

    private volatile @Nullable Entry entries;

    Entry at(long va) {
        for (Entry e = entries; e != null; e = e.next) {
            if (e.va == va) return e;
        }
        return add(va);
    }

    /** The region that begins here at an address, or null. */
    @Nullable
    Region region(long va) {
        for (Entry e = entries; e != null; e = e.next) {
            if (e.va == va) return e.region;
        }
        return null;
    }

    private synchronized Entry add(long va) {
        for (Entry e = entries; e != null; e = e.next) {
            if (e.va == va) return e;
        }
        Entry fresh = new Entry(va, entries);
        entries = fresh;
        return fresh;
    }
}
