package vkernel.guest.vm;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.vm.FrameTable;
import vkernel.vm.VmCounters;

/**
 * Takes the page tables of address spaces apart that have ended (Linux: exit_mmap, free_pgtables). Nobody can reach such
 * tables any more, so a hart does it while it shares the kernel lock; what it has in common with others is the references
 * of pages, which are counted atomically. Who has the lock and wants to know what is free finishes it.
 */
final class Teardown {
    /** Most that wait: memory that has been given back shall not be missed for long. */
    private static final int MOST = 8;

    private final Ram ram;
    private final Frames frames;
    private final FrameTable table;
    private final VmCounters counters;
    /** Whether there is another hart for which the lock is worth giving away. */
    private final boolean later;
    /** Roots of page tables; added to with the lock, taken from by who shares it. */
    private final long[] roots = new long[MOST];

    private final AtomicInteger waiting = new AtomicInteger();
    private final @Nullable Freed[] ofHarts = new @Nullable Freed[Long.SIZE];
    private final Freed owner;

    Teardown(Ram ram, Frames frames, FrameTable table, VmCounters counters, boolean later) {
        this.ram = ram;
        this.frames = frames;
        this.table = table;
        this.counters = counters;
        this.later = later;
        this.owner = new Freed(table);
    }

    /** Tables that no hart uses, and will not, are to go. The lock is held. */
    void add(long root) {
        if (!later || waiting.get() == MOST) {
            finish();
        } else {
            count();
        }
        roots[waiting.getAndIncrement()] = root;
        if (!later) {
            finish();
        }
    }

    /** Whether any tables wait. */
    boolean waits() {
        return waiting.get() > 0;
    }

    /** Takes the tables of one space apart. The lock is shared. */
    void one(int hart) {
        Freed freed = ofHarts[hart];
        if (freed == null) {
            freed = new Freed(table);
            ofHarts[hart] = freed;
        }
        one(freed);
    }

    /** Takes all apart, and counts what is free. The lock is held. @return how many frames became free */
    int finish() {
        while (waits()) {
            one(owner);
        }
        return count();
    }

    private int count() {
        int all = owner.count(counters);
        for (Freed freed : ofHarts) {
            all += freed == null ? 0 : freed.count(counters);
        }
        return all;
    }

    private void one(Freed freed) {
        int left = waiting.get();
        while (left > 0 && !waiting.compareAndSet(left, left - 1)) {
            left = waiting.get();
        }
        if (left > 0) {
            apart(roots[left - 1], Vpte.LEVELS - 1, freed);
        }
    }

    /** A table's references are 1 and one for each entry in use: behind the last of these nothing is to be seen. */
    private void apart(long address, int level, Freed freed) {
        int frame = PageTables.frameOf(address);
        int entries = table.refs[frame] - 1;
        for (long slot = address; entries > 0; slot += Long.BYTES) {
            long entry = ram.getLong(slot);
            if (entry == 0) {
                continue;
            }
            entries--;
            if (level > 0) {
                apart(entry & Vpte.FRAME, level - 1, freed);
            } else {
                letGo(Vpte.frame(entry), freed);
            }
        }
        table.refs[frame] = 0;
        freed.add(frame);
    }

    private void letGo(int frame, Freed freed) {
        if (frame != Frames.ZERO && frames.unrefTogether(frame)) {
            freed.add(frame);
        }
    }
}
