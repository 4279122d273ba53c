package vkernel.host.engine;

import java.util.Arrays;
import vkernel.host.Vpte;

/**
 * A hart's translation buffer for one address space: direct mapped, apart for each kind of access. Owned by the hart's
 * thread: others ask the hart to flush.
 *
 * <p>A hit for address {@code va} is {@code read[index(va)] == va >>> 12}; the host address is then
 * {@code va + readAddend[index(va)]}. Likewise for write and execute.
 */
public final class Tlb {
    public static final int ENTRIES = 1024;

    /** Virtual page numbers; -1 for none. */
    public final long[] read = new long[ENTRIES];

    public final long[] write = new long[ENTRIES];
    public final long[] execute = new long[ENTRIES];
    /** Host address minus virtual address. */
    public final long[] readAddend = new long[ENTRIES];

    public final long[] writeAddend = new long[ENTRIES];
    /** Guest frame number of executable pages (engines key translations by frame). */
    public final int[] executeFrame = new int[ENTRIES];

    public Tlb() {
        flush();
    }

    public static int index(long va) {
        return (int) (va >>> Vpte.PAGE_SHIFT) & (ENTRIES - 1);
    }

    public void flush() {
        Arrays.fill(read, -1);
        Arrays.fill(write, -1);
        Arrays.fill(execute, -1);
    }

    /** Forgets one page. */
    public void flush(long va) {
        int i = index(va);
        long page = va >>> Vpte.PAGE_SHIFT;
        if (read[i] == page) read[i] = -1;
        if (write[i] == page) write[i] = -1;
        if (execute[i] == page) execute[i] = -1;
    }

    /** Forgets every entry that allows writing: some frame now holds translated code. */
    public void flushWrites() {
        Arrays.fill(write, -1);
    }
}
