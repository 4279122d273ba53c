package vkernel.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Pages of one address space at places of the host's memory that follow from their addresses alone: the byte at
 * {@code va} is at {@code base + (va & MASK)} while its page is open. So an engine needs no translation on the way to
 * it, only a look whether the page is open, beside the way. It is a large TLB whose addends are all the same: what
 * forgets the entries of the one forgets those of the other.
 *
 * <p>A page is open for reading when the long at {@code base + READABLE + (va >>> 9 & TAGS)} is its address; likewise for
 * writing. So bytes from {@code va} on lie in an open page if that long is the address of the page of the last. Pages 4
 * GiB apart share a place, and one of them is open at a time. The first place is never used, so that two pages with
 * numbers that follow each other lie one behind the other if both are open.
 *
 * <p>Pages are mapped when they are opened and stay mapped, closed, until others take their place: opening one again
 * costs nothing. Used by one hart's thread.
 */
@SuppressWarnings("restricted")
public final class Window {
    /** The part of an address that tells the place. */
    public static final long MASK = 0xFFFF_FFFFL;
    /** The byte offsets of tags. */
    public static final long TAGS = MASK >>> Vpte.PAGE_SHIFT << 3;

    private static final int PLACES = 1 << 20;
    /**
     * A tag for places that are shut: no page's address. What was never opened has 0, the address of a page too, but of
     * one at the first place, or behind the last: those two are shut from the start.
     */
    private static final long SHUT = 1;

    private static final long PAGE = -1L << Vpte.PAGE_SHIFT;
    /** The window and a page that is never mapped, for the last access that begins in it. */
    private static final long SPAN = MASK + 1 + Vpte.PAGE_SIZE;

    /** Indices into the tables: of the tags for writing, as longs, and of the frames, as ints. */
    private static final long WRITES = PLACES;

    private static final long FRAMES = 4L * PLACES;
    /** Bytes of the tables. */
    private static final long TABLES = (FRAMES + PLACES) * Integer.BYTES;
    /** Bytes before the window. */
    private static final long BEFORE = TABLES + MicroTlb.BYTES;

    /** Distances from the window to the tags before it. */
    public static final long READABLE = -TABLES;

    public static final long WRITABLE = READABLE + WRITES * Long.BYTES;

    /** Pieces of memory that all windows of a process may make: by default Linux has 65,530 of them. */
    private static final int MOST_PIECES = 40_000;
    /** Pieces that a mapping adds at most. */
    private static final int PER_CALL = 2;

    private static final int MOST_OPEN = 1 << 16;
    private static final AtomicInteger PIECES = new AtomicInteger();
    /** So few pieces are not given up when there are no more: others have them, and giving up these would be for nothing. */
    private static final int FEW_PIECES = MOST_PIECES / 32;
    /** How often there were no more. */
    private static final AtomicInteger SHORTAGES = new AtomicInteger();

    /** Address of the host's memory at which the window begins. */
    public final long base;
    /** Of pages that are not open. */
    public final MicroTlb micro;

    private final int file;
    private final MemorySegment tables;
    private int pieces;
    private int shortages = SHORTAGES.get(); // until when it has given up its own
    private int[] open = new int[256]; // places, some of them closed again
    private final BitSet listed = new BitSet(); // those that are in it
    private int openCount;

    /** Changes whenever a page is closed that may have been open: what was seen open before need not be any more. */
    public int closings;

    /** Pages that are to be mapped in one call. */
    private int runPlace;

    private int runFrame;
    private int runLength;

    private Window(int file, long base) {
        this.file = file;
        this.base = base;
        this.tables = MemorySegment.ofAddress(base - TABLES).reinterpret(TABLES);
        this.micro = new MicroTlb(base);
        shutEnds();
    }

    /** A window onto a file of frames, or null when the host has no room. */
    static @Nullable Window on(int file) {
        long start = HostMemory.mmap(0, BEFORE + SPAN, HostMemory.NONE, HostMemory.FRESH, -1, 0);
        if (start == HostMemory.FAILED) return null;
        if (emptied(start, BEFORE, HostMemory.READ_WRITE)) return new Window(file, start + BEFORE);
        HostMemory.munmap(start, BEFORE + SPAN);
        return null;
    }

    private static int place(long va) {
        return (int) (va >>> Vpte.PAGE_SHIFT) & PLACES - 1;
    }

    /**
     * Opens a page; {@link #commit} must follow before it is used. Pages of frames in a row are mapped in one call.
     *
     * @param frame what it shows
     * @param write whether for writing too
     * @return whether the page can be open at all
     */
    public boolean open(long va, int frame, boolean write) {
        int place = place(va);
        if (place == 0) return false;
        if (frameAt(place) != frame && !add(place, frame)) return false;
        if (!write && tag(WRITES + place) == (va & PAGE)) closings++;
        note(place);
        if (tag(place) != (va & PAGE)) shut(place);
        tag(place, va & PAGE);
        tag(WRITES + place, write ? va & PAGE : SHUT);
        return true;
    }

    private void note(int place) {
        if (listed.get(place)) return;
        if (openCount == MOST_OPEN) closeAll();
        listed.set(place);
        if (openCount == open.length) open = Arrays.copyOf(open, 2 * open.length);
        open[openCount++] = place;
    }

    private boolean add(int place, int frame) {
        if (runLength == 0 || place != runPlace + runLength || frame != runFrame + runLength) {
            if (!commit()) return false;
            runPlace = place;
            runFrame = frame;
        }
        runLength++;
        // What was allowed here was meant for another frame.
        shut(place);
        tables.setAtIndex(JAVA_INT, FRAMES + place, frame + 1);
        return true;
    }

    /** Makes opened pages usable. @return false when the host has no room: then they are closed, or all are */
    public boolean commit() {
        if (runLength == 0) return true;
        int length = runLength;
        runLength = 0;
        if (PIECES.get() < MOST_PIECES && map(length)) return true;
        SHORTAGES.compareAndSet(shortages, shortages + 1);
        if (pieces > FEW_PIECES) giveUp();
        else for (int place = runPlace; place < runPlace + length; place++) unmapped(place);
        return false;
    }

    /** A page that was to be mapped is not. */
    private void unmapped(int place) {
        shut(place);
        tables.setAtIndex(JAVA_INT, FRAMES + place, 0);
    }

    /** How often the process had no memory mappings left for windows: then each is to {@link #renew} itself. Any thread. */
    public static int shortages() {
        return SHORTAGES.get();
    }

    /** Gives up its mappings, if those of all windows have run out since it last did. */
    public void renew() {
        if (shortages != SHORTAGES.get()) giveUp();
    }

    private void giveUp() {
        shortages = SHORTAGES.get();
        reset();
    }

    private boolean map(int length) {
        long at = base + ((long) runPlace << Vpte.PAGE_SHIFT);
        long bytes = (long) length << Vpte.PAGE_SHIFT;
        int flags = HostMemory.SHARED | HostMemory.FIXED | HostMemory.POPULATE;
        long offset = (long) runFrame << Vpte.PAGE_SHIFT;
        if (HostMemory.mmap(at, bytes, HostMemory.READ_WRITE, flags, file, offset) != at) return false;
        pieces += PER_CALL;
        PIECES.addAndGet(PER_CALL);
        return true;
    }

    /** Forgets everything, mappings too. */
    private void reset() {
        closings++;
        if (!emptied(base, MASK + 1, HostMemory.NONE) || !emptied(base - TABLES, TABLES, HostMemory.READ_WRITE)) {
            throw new HostException(HostException.Reason.NO_MEMORY, "the host has no room for its own tables");
        }
        PIECES.addAndGet(-pieces);
        pieces = 0;
        forgetList();
        shutEnds();
    }

    private static boolean emptied(long address, long bytes, int protection) {
        int flags = HostMemory.FRESH | HostMemory.FIXED;
        return HostMemory.mmap(address, bytes, protection, flags, -1, 0) == address;
    }

    /** Closes a page. */
    public void close(long va) {
        micro.clear(va);
        shutPage(va);
    }

    private void shutPage(long va) {
        int place = place(va);
        if (place != 0 && tag(place) == (va & PAGE)) shut(place);
    }

    /** Closes a range of whole pages. */
    public void close(long va, long length) {
        micro.clear(va, length);
        if (length >>> Vpte.PAGE_SHIFT <= openCount) {
            for (long page = va; page < va + length; page += Vpte.PAGE_SIZE) shutPage(page);
            return;
        }
        int kept = 0;
        for (int i = 0; i < openCount; i++) {
            int place = open[i];
            long page = tag(place);
            if (page >= va && page < va + length) shut(place);
            if (tag(place) == SHUT) listed.clear(place);
            else open[kept++] = place;
        }
        openCount = kept;
    }

    /** Closes all pages. */
    public void closeAll() {
        micro.reset();
        for (int i = 0; i < openCount; i++) shut(open[i]);
        forgetList();
    }

    private void forgetList() {
        for (int i = 0; i < openCount; i++) listed.clear(open[i]); // there may be far fewer than bits
        openCount = 0;
    }

    /** Leaves no page open for writing. */
    public void closeWrites() {
        closings++;
        micro.clearWrites();
        for (int i = 0; i < openCount; i++) tag(WRITES + open[i], SHUT);
    }

    private void shut(int place) {
        if (tag(place) > SHUT) closings++;
        tag(place, SHUT);
        tag(WRITES + place, SHUT);
    }

    private void shutEnds() {
        shut(0);
        shut(PLACES - 1);
    }

    private long tag(long index) {
        return tables.getAtIndex(JAVA_LONG, index);
    }

    private void tag(long index, long page) {
        tables.setAtIndex(JAVA_LONG, index, page);
    }

    private int frameAt(int place) {
        return tables.getAtIndex(JAVA_INT, FRAMES + place) - 1;
    }

    /** Gives the memory back. */
    void close() {
        HostMemory.munmap(base - BEFORE, BEFORE + SPAN);
        PIECES.addAndGet(-pieces);
    }
}
