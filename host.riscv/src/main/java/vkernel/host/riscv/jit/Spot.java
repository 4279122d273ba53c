package vkernel.host.riscv.jit;

import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Mark;

/**
 * A place of code that is worth counting, and the regions that begin there: one for each virtual address at which the
 * frame is mapped, which is one as a rule.
 */
final class Spot extends Mark {
    /** What is known of the place at one virtual address. */
    static final class Entry {
        final long va;
        private final @Nullable Entry next;
        /** Times met since the last request; harts race, and it does not matter. */
        int count;
        /** No region can be made. */
        volatile boolean hopeless;
        /** Waits for its translation. */
        volatile boolean requested;

        volatile @Nullable Region region;

        Entry(long va, @Nullable Entry next) {
            this.va = va;
            this.next = next;
        }
    }

    private volatile @Nullable Entry entries;

    Spot(long in) {
        super(in);
    }

    Entry at(long va) {
        for (Entry e = entries; e != null; e = e.next) {
            if (e.va == va) return e;
        }
        return add(va);
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
