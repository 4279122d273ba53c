package vkernel.vm;

import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;

/** A range of an address space with one kind of mapping (Linux: struct vm_area_struct). Plain data. */
public final class Vma {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int EXECUTE = 4;

    public final AddressSpace space;
    /** First address, page aligned. */
    public long start;
    /** First address behind. */
    public long end;
    /** READ, WRITE, EXECUTE. */
    public int protection;
    /** MAP_SHARED: writes go to {@link #pages}. */
    public boolean shared;
    /** Grows down on a fault just below (MAP_GROWSDOWN, the stack). */
    public boolean growsDown;
    /** Not copied by fork (MADV_DONTFORK). */
    public boolean dontFork;
    /** A forked child finds zeros (MADV_WIPEONFORK). */
    public boolean wipeOnFork;
    /** Its pages stay in memory (mlock(2)); a forked child's do not. */
    public boolean locked;
    /** What is mapped, null for private anonymous memory. */
    public @Nullable PageCache pages;
    /** Index in {@link #pages} of the page at {@link #start}. */
    public long pageOffset;
    /** Kept open by the mapping, and named in /proc/PID/maps; null for anonymous memory. */
    public @Nullable OpenFile file;
    /** {@code [heap]}, {@code [stack]}, {@code [vdso]}, …; null for none. */
    public @Nullable String name;

    public Vma(AddressSpace space, long start, long end, int protection) {
        this.space = space;
        this.start = start;
        this.end = end;
        this.protection = protection;
    }

    public boolean contains(long va) {
        return Long.compareUnsigned(va, start) >= 0 && Long.compareUnsigned(va, end) < 0;
    }

    /** Index in {@link #pages} of the page of an address. */
    public long pageIndex(long va) {
        return pageOffset + ((va - start) >>> 12);
    }
}
