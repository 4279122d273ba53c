package vkernel.host.contract;

import vkernel.host.Ram;
import vkernel.host.Vpte;

/** A virtual page table as a kernel would make it. Frames for its tables are taken upwards from one given. */
public final class PageTable {
    /** An entry that allows everything. */
    public static final long ALL = Vpte.V | Vpte.R | Vpte.W | Vpte.X | Vpte.U;

    private final Ram ram;
    private final long root;
    private int nextFrame;

    /** An empty table whose root is {@code frame}. */
    public PageTable(Ram ram, int frame) {
        this.ram = ram;
        this.root = address(frame);
        this.nextFrame = frame + 1;
    }

    /** Physical address of the root. */
    public long root() {
        return root;
    }

    /** Physical address of the first byte of a frame. */
    public static long address(int frame) {
        return (long) frame << Vpte.PAGE_SHIFT;
    }

    /** Sets the entry of a page in a level; 0 is that of pages. */
    public void set(long va, int level, long entry) {
        ram.putLong(slot(va, level), entry);
    }

    /** Sets the entry of a page. */
    public void set(long va, long entry) {
        set(va, 0, entry);
    }

    /** The entry of a page. */
    public long get(long va) {
        return ram.getLong(slot(va, 0));
    }

    /** Physical address of the entry of a page in a level; makes the tables above it. */
    public long slot(long va, int level) {
        long table = root;
        for (int above = Vpte.LEVELS - 1; above > level; above--) {
            long slot = table + 8L * Vpte.index(va, above);
            if ((ram.getLong(slot) & Vpte.V) == 0) ram.putLong(slot, Vpte.of(nextFrame++, Vpte.V));
            table = ram.getLong(slot) & Vpte.FRAME;
        }
        return table + 8L * Vpte.index(va, level);
    }
}
