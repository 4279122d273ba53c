package vkernel.host.sim;

import static vkernel.host.Vmspaces.EXECUTE;
import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;

import vkernel.host.Mapping;
import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.host.engine.Trap;

/**
 * The walk of a virtual page table in guest RAM (hardware: the page table walker). One owner at a time; the results are
 * fields, so that a walk allocates nothing. Whatever lies in the tables, a walk only ever reads RAM: an entry that
 * points outside, a large page that is not aligned to its size and a large page in the root are missing.
 */
final class Walker {
    /** A walk's answer when there is no fault; the faults are {@link Trap}'s. */
    static final int HIT = -1;

    private static final int PAGE_BITS = Vpte.PAGE_SIZE - 1;

    private final Ram ram;

    /** RAM address of the byte asked for. */
    long address;
    /** Rights of its page: READ, WRITE (only when the modified bit is set), EXECUTE. */
    int rights;
    /** The leaf entry as it was found, before accessed and modified were set; 0 if missing. */
    long found;

    private long slot; // RAM address of the leaf entry
    private int level; // of the leaf entry

    Walker(Ram ram) {
        this.ram = ram;
    }

    /**
     * Translates for an access by user code and sets accessed and modified bits.
     *
     * @return {@link #HIT}, {@link Trap#PAGE_MISSING} or {@link Trap#PAGE_PROTECTED}
     */
    int translate(Space space, long va, int access) {
        found = 0;
        Mapping region = space.regions().at(va);
        if (region == null) return Trap.PAGE_MISSING;
        if ((region.protection() & access) == 0) return Trap.PAGE_PROTECTED;
        if (!region.linear()) return table(region, va, access);
        linear(region, va);
        return HIT;
    }

    /** The V, A and M bits of the page at an address; sets nothing. */
    int present(Space space, long va) {
        Mapping region = space.regions().at(va);
        if (region == null) return 0;
        if (region.linear()) return (int) (Vpte.V | Vpte.A | Vpte.M);
        return (int) (leaf(region.ram(), va) & (Vpte.V | Vpte.A | Vpte.M));
    }

    /** What user code may do with a page without any bit being set, and {@link #address}; sets nothing. */
    int used(Space space, long va) {
        Mapping region = space.regions().at(va);
        if (region == null) return 0;
        if (region.linear()) {
            linear(region, va);
            return rights;
        }
        long entry = leaf(region.ram(), va);
        if ((entry & Vpte.U) == 0 || (entry & Vpte.A) == 0) return 0;
        int all = rights(entry) & region.protection();
        return (entry & Vpte.M) == 0 ? all & ~WRITE : all;
    }

    private void linear(Mapping region, long va) {
        address = region.ram() + (va - region.start());
        rights = region.protection();
        found = Vpte.V | Vpte.A | Vpte.M;
    }

    private int table(Mapping region, long va, int access) {
        long need = access == WRITE ? Vpte.A | Vpte.M : Vpte.A;
        while (true) {
            long entry = leaf(region.ram(), va);
            found = entry;
            if (entry == 0) return Trap.PAGE_MISSING;
            if ((entry & Vpte.U) == 0 || (rights(entry) & access) == 0) return Trap.PAGE_PROTECTED;
            long used = entry | need;
            if (used == entry || ram.replaceEntry(slot, entry, used)) {
                rights = rights(used) & region.protection();
                if ((used & Vpte.M) == 0) rights &= ~WRITE;
                return HIT;
            }
        }
    }

    /** Finds the valid leaf entry of an address and sets {@link #address}; 0 when there is none. */
    private long leaf(long root, long va) {
        long table = root;
        if (table == Mapping.NO_TABLE) return 0;
        for (level = Vpte.LEVELS - 1; ; level--) {
            slot = table + ((long) Vpte.index(va, level) << 3);
            long entry = ram.entry(slot);
            if ((entry & Vpte.V) == 0) return 0;
            if (level == 0 || (entry & Vpte.PS) != 0) return page(entry, va) ? entry : 0;
            table = entry & Vpte.FRAME;
            if (table > ram.size() - Vpte.PAGE_SIZE) return 0;
        }
    }

    private boolean page(long entry, long va) {
        long size = 1L << (Vpte.PAGE_SHIFT + level * Vpte.INDEX_BITS);
        long start = entry & Vpte.FRAME;
        if (level == Vpte.LEVELS - 1 || (start & (size - 1)) != 0 || start > ram.size() - size) return false;
        address = start | (va & (size - 1));
        return true;
    }

    static int rights(long entry) {
        return ((entry & Vpte.R) != 0 ? READ : 0)
                | ((entry & Vpte.W) != 0 ? WRITE : 0)
                | ((entry & Vpte.X) != 0 ? EXECUTE : 0);
    }

    /** Bytes from the last address found to the end of its page. */
    int untilPageEnd() {
        return Vpte.PAGE_SIZE - ((int) address & PAGE_BITS);
    }
}
