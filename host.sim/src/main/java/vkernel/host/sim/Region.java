package vkernel.host.sim;

import vkernel.host.Vpte;

/**
 * A mapping of a vmspace: linear onto RAM, or under a virtual page table.
 *
 * @param start first address, aligned to a page
 * @param end first address behind it, aligned to a page
 * @param protection READ, WRITE, EXECUTE: upper bound of what a page table allows
 * @param linear whether {@code ram} is where {@code start} lies in RAM, or else a root table
 * @param ram RAM address, or the root of the page table, or {@link #NO_TABLE}
 */
record Region(long start, long end, int protection, boolean linear, long ram) {
    static final long NO_TABLE = -1;

    boolean contains(long va) {
        return start <= va && va < end;
    }

    boolean overlaps(long from, long to) {
        return start < to && from < end;
    }

    /** The part of it that lies in a range which it overlaps. */
    Region part(long from, long to) {
        long first = Math.max(start, from);
        return new Region(first, Math.min(end, to), protection, linear, linear ? ram + (first - start) : ram);
    }

    Region withRoot(long root) {
        return new Region(start, end, protection, false, root);
    }

    /** Whether a linear mapping of RAM of this size stays inside it. */
    boolean within(long ramSize) {
        long length = end - start;
        return ram >= 0 && ram % Vpte.PAGE_SIZE == 0 && length <= ramSize && ram <= ramSize - length;
    }
}
