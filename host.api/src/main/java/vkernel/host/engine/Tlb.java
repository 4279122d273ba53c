package vkernel.host.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vkernel.host.Vpte;
import vkernel.host.Window;

/**
 * A hart's translation buffer for one address space: direct mapped, apart for each kind of access. Owned by the hart's
 * thread: others ask the hart to flush.
 *
 * <p>A hit for address {@code va} is {@code read[index(va)] == va >>> 12}; the host address is then
 * {@code va + readAddend[index(va)]}. Likewise for write and execute.
 */
public final class Tlb {
    public static final int ENTRIES = 1024;
    /** Above this many pages emptying a whole buffer is cheaper. */
    private static final int PRECISE = 64;

    /** Virtual page numbers; -1 for none. */
    public final long[] read = new long[ENTRIES];

    public final long[] write = new long[ENTRIES];
    public final long[] execute = new long[ENTRIES];
    /** Host address minus virtual address. */
    public final long[] readAddend = new long[ENTRIES];

    public final long[] writeAddend = new long[ENTRIES];
    /** Guest frame number of executable pages (engines key translations by frame). */
    public final int[] executeFrame = new int[ENTRIES];

    /** The same translations once more, of those pages that an engine asked for by {@link Mmu#open}; null at first. */
    public @Nullable Window window;

    public Tlb() {
        flush();
    }

    public static int index(long va) {
        return (int) (va >>> Vpte.PAGE_SHIFT) & (ENTRIES - 1);
    }

    /** Forgets all. */
    public void flush() {
        empty();
        if (window != null) window.closeAll();
    }

    private void empty() {
        Arrays.fill(read, -1);
        Arrays.fill(write, -1);
        Arrays.fill(execute, -1);
    }

    /** Forgets one page. */
    public void flush(long va) {
        forget(va);
        if (window != null) window.close(va);
    }

    private void forget(long va) {
        int i = index(va);
        long page = va >>> Vpte.PAGE_SHIFT;
        if (read[i] == page) read[i] = -1;
        if (write[i] == page) write[i] = -1;
        if (execute[i] == page) execute[i] = -1;
    }

    /** Forgets a range of whole pages, and more if that is cheaper. */
    public void flush(long va, long length) {
        if (length > (long) PRECISE << Vpte.PAGE_SHIFT) empty();
        else for (long page = va; page < va + length; page += Vpte.PAGE_SIZE) forget(page);
        if (window != null) window.close(va, length);
    }

    /** Forgets every entry that allows writing: some frame now holds translated code. */
    public void flushWrites() {
        Arrays.fill(write, -1);
        if (window != null) window.closeWrites();
    }
}
