package vkernel.vm;

import java.util.Arrays;
import vkernel.kern.Faults;

/**
 * Where pages go that memory has no room for (Linux: struct swap_info_struct). Plain data: a slot holds a page and counts
 * the page table entries that would have it. guest.vm decides.
 */
public final class SwapArea {
    /** Where it lies. */
    public final SwapPlace place;
    /** Name of the machine's block file, or a path. */
    public final String name;
    /** What the host has opened. */
    public final AutoCloseable file;
    /** Users of each slot; 0 for a free one. */
    public final int[] users;
    /** The number of its first slot among those of all areas. */
    public final int base;
    /** Those with the highest are filled first. */
    public final int priority;
    /** Pages before the first slot: the header of mkswap(8). */
    private final int header;
    /** Where the search for a free slot goes on. */
    public int next;
    /** Slots in use. */
    public int used;
    /** Nothing goes there any more: swapoff(2) is under way. */
    public boolean closing;

    public SwapArea(SwapPlace place, int base, int priority, int header, int slots) {
        this.place = place;
        this.name = place.name();
        this.file = place.file();
        this.base = base;
        this.priority = priority;
        this.header = header;
        this.users = new int[slots];
    }

    /** Number of slots. */
    public int size() {
        return users.length;
    }

    /** Whether a slot is one of its own. */
    public boolean has(int slot) {
        return slot >= base && slot - base < users.length;
    }

    /** Where a slot lies, bytes in the disk. */
    public long position(int slot) {
        long page = (long) slot - base + header;
        int run = Arrays.binarySearch(place.starts(), page);
        int at = run < 0 ? -2 - run : run;
        return place.places()[at] + (page - place.starts()[at] << 12);
    }

    void check(Faults faults) {
        faults.expect(
                used >= 0 && used <= users.length && next >= 0 && next <= users.length,
                "swap: %d slots of %d",
                used,
                users.length);
    }
}
