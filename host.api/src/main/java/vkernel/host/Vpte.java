package vkernel.host;

/**
 * Virtual page table entries: 64 bits, little-endian, in guest RAM, 4 levels of 512 (DragonFly BSD:
 * sys/vkernel.h). The kernel writes them, the host's MMU walks them and sets {@link #A} and {@link #M}.
 *
 * <p>An entry above the last level without {@link #PS} names a table: only {@link #V} and {@link #FRAME} count in it,
 * the rights are those of the last entry. A bad entry (a frame outside RAM, a large page not aligned to its size or in
 * the root) is as one that is not valid.
 *
 * <p>After making a valid entry less permissive, clearing its {@link #M}, or pointing it elsewhere, the kernel must
 * call {@link Vmspaces#inval}. Clearing {@link #A} needs no call: until one comes, a use may not set it again. An entry
 * that was not valid may become valid, and one may become more permissive, without a call. The host changes entries by
 * compare-and-exchange; a kernel that changes a valid entry does so too, or loses bits.
 */
public final class Vpte {
    /** Valid. */
    public static final long V = 0x001;
    /** In a level above the last: maps a large page linearly (2 MiB, 1 GiB) instead of naming a table. */
    public static final long PS = 0x002;
    /** Readable. */
    public static final long R = 0x004;
    /** Writable. */
    public static final long W = 0x008;
    /** Executable. */
    public static final long X = 0x010;
    /** Accessed; set by the host. */
    public static final long A = 0x020;
    /** Modified; set by the host before the first write goes through. */
    public static final long M = 0x040;
    /** User access allowed. */
    public static final long U = 0x080;
    /** Free for the kernel; the host ignores it. */
    public static final long MANAGED = 0x100;
    /** Free for the kernel; the host ignores it. */
    public static final long G = 0x200;
    /** Free for the kernel; the host ignores it. */
    public static final long WIRED = 0x400;

    /** Physical address bits of an entry. */
    public static final long FRAME = 0x000F_FFFF_FFFF_F000L;

    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_SIZE = 1 << PAGE_SHIFT;
    /** log2 of the entries of one table. */
    public static final int INDEX_BITS = 9;

    public static final int LEVELS = 4;
    /** First address above what a page table can map. */
    public static final long END = 1L << (PAGE_SHIFT + LEVELS * INDEX_BITS);

    /** The entry for a frame with the given bits. */
    public static long of(int frame, long bits) {
        return (long) frame << PAGE_SHIFT | bits;
    }

    /** The frame that an entry names. */
    public static int frame(long vpte) {
        return (int) ((vpte & FRAME) >>> PAGE_SHIFT);
    }

    /**
     * Index into the table of a level.
     *
     * @param level 0 for the last level (pages) to 3 for the root
     */
    public static int index(long va, int level) {
        return (int) (va >>> (PAGE_SHIFT + level * INDEX_BITS)) & ((1 << INDEX_BITS) - 1);
    }

    private Vpte() {}
}
