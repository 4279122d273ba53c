package vkernel.vm;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Faults;

/**
 * Where pages go that memory has no room for (Linux: struct swap_info_struct). Plain data: a slot holds a page and counts
 * the page table entries that would have it. guest.vm decides.
 */
public final class SwapArea {
    /** Name of the machine's block file. */
    public final String name;
    /** What the host has opened. */
    public final AutoCloseable file;
    /** Users of each slot; 0 for a free one. */
    public final int[] users;
    /** Where the search for a free slot goes on. */
    public int next;
    /** Slots in use. */
    public int used;
    /** Nothing goes there any more: swapoff(2) is under way. */
    public boolean closing;

    public SwapArea(String name, AutoCloseable file, int slots) {
        this.name = name;
        this.file = file;
        this.users = new int[slots];
    }

    /** Number of slots. */
    public int size() {
        return users.length;
    }

    void check(Faults faults) {
        faults.expect(
                used >= 0 && used <= users.length && next >= 0 && next <= users.length,
                "swap: %d slots of %d",
                used,
                users.length);
    }

    /** The slots of an area, or none. */
    public static int count(@Nullable SwapArea area) {
        return area == null ? 0 : area.size();
    }
}
