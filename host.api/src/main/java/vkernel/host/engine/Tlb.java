package vkernel.host.engine;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
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
    /** A power of 2. */
    private static final int FETCHED_BITS = 1 << 15;

    private static final AtomicLong EPOCHS = new AtomicLong();
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

    /**
     * Changes whenever a translation of code may have been forgotten; no two buffers ever have the same. An engine that
     * has looked where code lies need not look again while it stays.
     */
    public long codeEpoch;

    /** Pages that code was fetched from since all was forgotten, as bits by hash: one too many does no harm. */
    private final long[] fetched = new long[FETCHED_BITS / Long.SIZE];

    public Tlb() {
        flush();
    }

    /** Enters where code lies. */
    public void fillExecute(long va, int frame) {
        int i = index(va);
        long page = va >>> Vpte.PAGE_SHIFT;
        executeFrame[i] = frame;
        execute[i] = page;
        fetched[hash(page) >>> 6] |= 1L << hash(page);
    }

    private static int hash(long page) {
        return (int) (page * 0x9E37_79B9_7F4A_7C15L >>> Long.SIZE - 16) & FETCHED_BITS - 1;
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
        Arrays.fill(fetched, 0);
        codeEpoch = EPOCHS.incrementAndGet();
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
        if ((fetched[hash(page) >>> 6] >>> hash(page) & 1) != 0) codeEpoch = EPOCHS.incrementAndGet();
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
