package vkernel.guest.vm;

import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.Vma;

/**
 * The page tables of address spaces, 4 levels in guest RAM (Linux: pgtable.h, __pte_alloc). The references of a
 * table's frame count its entries in use, so an empty table is known without looking. Here: finding, making and
 * changing entries, and the accounts of pages present. Not here: taking entries away from ranges (Zap).
 *
 * <p>Harts walk the same tables at the same time, and set accessed and modified bits by compare-and-exchange; so does
 * who changes an entry here that stays valid.
 */
final class PageTables {
    /** Beside an entry's frame: it is a page of a cache. Else it is private (or zeros). */
    static final long CACHED = Vpte.G;

    static final long RIGHTS = Vpte.R | Vpte.W | Vpte.X;
    static final int PAGE = Vpte.PAGE_SIZE;
    static final int SHIFT = Vpte.PAGE_SHIFT;

    private static final int ROOT_LEVEL = Vpte.LEVELS - 1;
    private static final long TABLE_ENTRY = Vpte.V | Vpte.U | RIGHTS;
    private static final long NONE = -1;

    private final Ram ram;
    private final Frames frames;
    private final Supply supply;

    /** Addresses of the entries that {@link #descend} went through, by level. */
    final long[] path = new long[Vpte.LEVELS];

    PageTables(Ram ram, Frames frames, Supply supply) {
        this.ram = ram;
        this.frames = frames;
        this.supply = supply;
    }

    /** An empty root table. @return its physical address, or -1 without memory */
    long newRoot() {
        int frame = supply.frame(FrameTable.TABLE);
        return frame == Frames.NONE ? NONE : zeroed(frame);
    }

    /** Physical address of the entry of a page; -1 when its table is not there. */
    long find(long root, long va) {
        long table = root;
        for (int level = ROOT_LEVEL; level > 0; level--) {
            long entry = ram.getLong(slot(table, va, level));
            if (entry == 0) {
                return NONE;
            }
            table = entry & Vpte.FRAME;
        }
        return slot(table, va, 0);
    }

    /** The entry of a page; 0 when nothing is there. */
    long entry(long root, long va) {
        long slot = find(root, va);
        return slot == NONE ? 0 : ram.getLong(slot);
    }

    /** Like {@link #find}, making the tables that are missing; -1 without memory, after killing if need be. */
    long make(AddressSpace space, long va) {
        return make(space, va, true);
    }

    /** Like {@link #make}, but fails rather than to have somebody killed. */
    long tryMake(AddressSpace space, long va) {
        return make(space, va, false);
    }

    private long make(AddressSpace space, long va, boolean kill) {
        long table = space.root;
        for (int level = ROOT_LEVEL; level > 0; level--) {
            long slot = slot(table, va, level);
            long entry = ram.getLong(slot);
            if (entry == 0) {
                int frame = kill ? supply.frameOrKill(FrameTable.TABLE, space) : supply.frame(FrameTable.TABLE);
                if (frame == Frames.NONE) {
                    return NONE;
                }
                table = zeroed(frame);
                ram.putLong(slot, table | TABLE_ENTRY);
                frames.share(frameOf(slot));
                space.tablePages++;
            } else {
                table = entry & Vpte.FRAME;
            }
        }
        return slot(table, va, 0);
    }

    private long zeroed(int frame) {
        long address = address(frame);
        ram.zero(address, PAGE);
        return address;
    }

    /**
     * Walks towards a page and leaves the way in {@link #path}.
     *
     * @return 0 when there is a leaf table, else the level at which the way ends
     */
    int descend(long root, long va) {
        long table = root;
        for (int level = ROOT_LEVEL; level > 0; level--) {
            long slot = slot(table, va, level);
            path[level] = slot;
            long entry = ram.getLong(slot);
            if (entry == 0) {
                return level;
            }
            table = entry & Vpte.FRAME;
        }
        path[0] = slot(table, va, 0);
        return 0;
    }

    /** Address of the first page present in a range; {@code end} when there is none. */
    long nextPresent(long root, long start, long end) {
        long va = start;
        while (va < end) {
            int missing = descend(root, va);
            long next = behind(va, missing);
            if (missing == 0) {
                long stop = Math.min(next, end);
                for (long slot = path[0]; va < stop; va += PAGE, slot += Long.BYTES) {
                    if (ram.getLong(slot) != 0) {
                        return va;
                    }
                }
            }
            va = next;
        }
        return end;
    }

    /** First address behind what the entry maps at which {@link #descend} ended; behind the leaf table for 0. */
    static long behind(long va, int level) {
        return (va | (1L << SHIFT + Vpte.INDEX_BITS * Math.max(level, 1)) - 1) + 1;
    }

    /**
     * Takes the tables on {@link #path} away that are empty; they are gathered.
     *
     * @param lowest level at which {@link #descend} ended
     * @return whether any was
     */
    boolean prune(AddressSpace space, int lowest) {
        boolean any = false;
        for (int level = lowest; level < ROOT_LEVEL; level++) {
            int table = frameOf(path[level]);
            if (frames.refs(table) != 1) {
                break;
            }
            ram.putLong(path[level + 1], 0);
            frames.gather(frameOf(path[level + 1]));
            frames.gather(table);
            space.tablePages--;
            any = true;
        }
        return any;
    }

    /** Puts an entry where none is, and counts the page. */
    void fill(AddressSpace space, long slot, long entry) {
        ram.putLong(slot, entry);
        frames.share(frameOf(slot));
        count(space, entry, 1);
    }

    /** Takes an entry away; the frame that it names keeps its reference. */
    void clear(AddressSpace space, long slot, long entry) {
        ram.putLong(slot, 0);
        frames.gather(frameOf(slot));
        count(space, entry, -1);
    }

    /** Sets bits of an entry that stays valid, and loses none that a hart sets meanwhile. */
    void add(long slot, long bits) {
        exchange(slot, 0, bits);
    }

    /** Clears and sets bits of an entry that stays valid; accessed and modified as a hart sets them meanwhile stay. */
    void exchange(long slot, long clear, long set) {
        long was = ram.getLong(slot);
        long seen = ram.compareAndExchangeLong(slot, was, was & ~clear | set);
        while (seen != was) {
            was = seen;
            seen = ram.compareAndExchangeLong(slot, was, was & ~clear | set);
        }
    }

    /** Counts an entry's page among those of its space. */
    void count(AddressSpace space, long entry, int change) {
        if (Vpte.frame(entry) == Frames.ZERO) {
            return;
        }
        if ((entry & CACHED) != 0) {
            space.filePages += change;
        } else {
            space.anonymousPages += change;
        }
        space.peakPages = Math.max(space.peakPages, space.filePages + space.anonymousPages);
    }

    /** What an entry of a range allows, writing aside. */
    static long rights(Vma vma) {
        int protection = vma.protection;
        return ((protection & (Vma.READ | Vma.WRITE)) != 0 ? Vpte.R : 0)
                | ((protection & Vma.EXECUTE) != 0 ? Vpte.X : 0);
    }

    static long address(int frame) {
        return (long) frame << SHIFT;
    }

    /** The frame that holds an address. */
    static int frameOf(long address) {
        return (int) (address >>> SHIFT);
    }

    private static long slot(long table, long va, int level) {
        return table + ((long) Vpte.index(va, level) << 3);
    }
}
