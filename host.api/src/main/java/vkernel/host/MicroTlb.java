package vkernel.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Where pages are that a {@link Window} does not show: a small TLB before that window in the host's memory, for machine
 * code. Direct mapped, apart for reading and for writing. An entry is the address of the page and the addend that makes
 * of a guest address {@code va} the distance of its byte from the window's base.
 *
 * <p>It lies at {@code base + READS + (va >>> SHIFT & MASK)}; likewise at {@link #WRITES}. Used by one hart's thread.
 */
@SuppressWarnings("restricted")
public final class MicroTlb {
    private static final int ENTRIES = 1024;
    private static final int ENTRY_BYTES = 2 * Long.BYTES;
    private static final int TABLE_BYTES = ENTRIES * ENTRY_BYTES;

    public static final int SHIFT = Vpte.PAGE_SHIFT - 4;
    public static final int MASK = TABLE_BYTES - ENTRY_BYTES;
    /** Where in an entry the addend is. */
    public static final int ADDEND = Long.BYTES;

    /** Bytes of tables, and what is before them. */
    static final int BYTES = 2 * TABLE_BYTES + Vpte.PAGE_SIZE;

    public static final long READS = Window.READABLE - 2 * TABLE_BYTES;
    public static final long WRITES = READS + TABLE_BYTES;
    /** Where {@link #patience} is, an int. */
    public static final long PATIENCE = READS - Long.BYTES;

    /** No page's address. */
    private static final long NONE = -1;

    private static final long PAGE = -1L << Vpte.PAGE_SHIFT;
    /** Above this many pages emptying the tables is cheaper. */
    private static final int PRECISE = 64;

    private final long base;
    private final MemorySegment tables;
    private final MemorySegment patience;
    private boolean young = true;
    /** Whether there is anything in it, and anything for writing. */
    private boolean filled = true;

    private boolean writes = true;

    /** @param base the window's */
    MicroTlb(long base) {
        this.base = base;
        this.tables = MemorySegment.ofAddress(base + READS).reinterpret(2 * TABLE_BYTES);
        this.patience = MemorySegment.ofAddress(base + PATIENCE).reinterpret(Integer.BYTES);
        clear();
    }

    /** Says how many accesses to pages that are not open the engine still wants to translate here before it has one opened. */
    public void patience(int accesses) {
        patience.set(JAVA_INT, 0, accesses);
        young = false;
    }

    /** Whether no {@link #patience} was given since all was forgotten: it is 0 then. */
    public boolean young() {
        return young;
    }

    /** Forgets all: another address space is to be here. */
    void reset() {
        clear();
        patience(0);
        young = true;
    }

    /** Enters where the page of an address is. @param addend host address minus guest address */
    public void fill(long va, long addend, boolean write) {
        int at = (int) (va >>> SHIFT & MASK) + (write ? TABLE_BYTES : 0);
        tables.set(JAVA_LONG, at, va & PAGE);
        tables.set(JAVA_LONG, at + ADDEND, addend - base);
        filled = true;
        writes |= write;
    }

    /** Forgets a page. */
    void clear(long va) {
        if (!filled) return;
        clear(va, 0);
        clear(va, TABLE_BYTES);
    }

    private void clear(long va, int table) {
        int at = (int) (va >>> SHIFT & MASK) + table;
        if (tables.get(JAVA_LONG, at) == (va & PAGE)) tables.set(JAVA_LONG, at, NONE);
    }

    /** Forgets a range of whole pages, and more if that is cheaper. */
    void clear(long va, long length) {
        if (length >>> Vpte.PAGE_SHIFT > PRECISE) clear();
        else for (long page = va; page < va + length; page += Vpte.PAGE_SIZE) clear(page);
    }

    /** Forgets all. */
    void clear() {
        if (!filled) return;
        empty(0);
        clearWrites();
        filled = false;
    }

    /** Forgets what allows writing. */
    void clearWrites() {
        if (writes) empty(TABLE_BYTES);
        writes = false;
    }

    private void empty(int table) {
        tables.asSlice(table, TABLE_BYTES).fill((byte) NONE);
    }
}
