package vkernel.host;

/**
 * A mapping of a vmspace: linear onto RAM, or under a virtual page table.
 *
 * @param start first address, aligned to a page
 * @param end first address behind it, aligned to a page
 * @param protection READ, WRITE, EXECUTE of {@link Vmspaces}: upper bound of what a page table allows
 * @param linear whether {@code ram} is where {@code start} lies in RAM, or else a root table
 * @param ram RAM address, or the root of the page table, or {@link #NO_TABLE}
 */
public record Mapping(long start, long end, int protection, boolean linear, long ram) {
    public static final long NO_TABLE = -1;

    public boolean overlaps(long from, long to) {
        return start < to && from < end;
    }

    /** The part of it that lies in a range which it overlaps. */
    public Mapping part(long from, long to) {
        long first = Math.max(start, from);
        return new Mapping(first, Math.min(end, to), protection, linear, linear ? ram + (first - start) : ram);
    }

    public Mapping withRoot(long root) {
        return new Mapping(start, end, protection, false, root);
    }

    /** Whether a linear mapping stays inside a RAM of this size, or a root table lies in it. */
    public boolean within(long ramSize) {
        if (!linear && ram == NO_TABLE) return true;
        long length = linear ? end - start : Vpte.PAGE_SIZE;
        return ram >= 0 && ram % Vpte.PAGE_SIZE == 0 && length <= ramSize && ram <= ramSize - length;
    }
}
