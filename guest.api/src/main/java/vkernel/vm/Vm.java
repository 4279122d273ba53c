package vkernel.vm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.task.Task;

/**
 * Virtual memory: the service of guest.vm, in the slot {@code vm}. Called with the kernel lock held. Addresses and
 * lengths from a user program may be anything; every method checks them.
 */
@ProviderType
public interface Vm {
    // access kinds of fault(): Vma.READ, WRITE, EXECUTE

    /** The fault is repaired: execute the instruction again. */
    int FAULT_DONE = 0;
    /** Nothing is mapped there: SIGSEGV, SEGV_MAPERR. */
    int FAULT_UNMAPPED = 1;
    /** The mapping does not allow it: SIGSEGV, SEGV_ACCERR. */
    int FAULT_DENIED = 2;
    /** Beyond the end of the mapped file, or it cannot be read: SIGBUS, BUS_ADRERR. */
    int FAULT_BUS = 3;
    /** No memory: the task has been killed. */
    int FAULT_OOM = 4;
    /** The task waits, for swap space or for memory, on a queue: block it, and execute the instruction again. */
    int FAULT_WAIT = 5;

    /** {@link #map} flags, as in mmap(2). */
    int MAP_SHARED = 1;

    int MAP_PRIVATE = 2;
    int MAP_FIXED = 0x10;
    int MAP_ANONYMOUS = 0x20;
    int MAP_GROWSDOWN = 0x100;
    int MAP_LOCKED = 0x2000;
    int MAP_NORESERVE = 0x4000;
    int MAP_POPULATE = 0x8000;
    int MAP_STACK = 0x20000;
    int MAP_FIXED_NOREPLACE = 0x10_0000;

    /** How memory is locked: not; with all its pages at once; each when it has come. */
    int LOCK_OFF = 0;

    int LOCK_ON = 1;
    int LOCK_ON_FAULT = 2;

    // --- address spaces ---------------------------------------------------------------------------------------------

    /** An empty address space with one user; null when memory is short. */
    @Nullable
    AddressSpace create();

    /** A copy for fork(2): private pages copy on write, shared ones shared; null when memory is short. */
    @Nullable
    AddressSpace fork(AddressSpace parent);

    /** Every hart that runs code of the space has ordered its accesses to memory when this returns (membarrier(2)). */
    void barrier(AddressSpace space);

    /** One user less; with the last one everything is unmapped and the space is gone. No task may run in it then. */
    void drop(AddressSpace space);

    /** mmap(2). @param file null for anonymous memory; the mapping keeps it open. @return address or -errno */
    long map(
            AddressSpace space,
            long hint,
            long length,
            int protection,
            int flags,
            @Nullable OpenFile file,
            long offset);

    /**
     * Maps pages that belong to no file (shared anonymous memory, the vDSO).
     *
     * @param name shown in /proc/PID/maps
     */
    long mapPages(
            AddressSpace space,
            long hint,
            long length,
            int protection,
            int flags,
            PageCache pages,
            @Nullable String name);

    /** munmap(2). @return 0 or -errno */
    long unmap(AddressSpace space, long start, long length);

    /** mprotect(2). @return 0 or -errno */
    long protect(AddressSpace space, long start, long length, int protection);

    /** mremap(2). @return address or -errno */
    long remap(AddressSpace space, long start, long oldLength, long newLength, int flags, long newStart);

    /** brk(2). @return the break, changed or not */
    long brk(AddressSpace space, long wanted, long dataLimit);

    /** madvise(2). @return 0 or -errno */
    long advise(AddressSpace space, long start, long length, int advice);

    /** mlock2(2), munlock(2). @param how one of LOCK_OFF, LOCK_ON, LOCK_ON_FAULT. @return 0 or -errno */
    long lock(AddressSpace space, long start, long length, int how);

    /**
     * mlockall(2), munlockall(2).
     *
     * @param now what becomes of what is mapped; LOCK_OFF beside a {@code future}: nothing
     * @param future what becomes of what will be mapped
     * @return 0 or -errno
     */
    long lockAll(AddressSpace space, int now, int future);

    /** What of msync(2) is not the file systems': looks at the range. @return 0 or -errno */
    long sync(AddressSpace space, long start, long length, int flags);

    /** mincore(2): bit 0 of each byte for a page in memory. @return 0 or -errno */
    long resident(AddressSpace space, long start, byte[] pages);

    /** Repairs a page fault, or says what is wrong. @param access one of Vma.READ, WRITE, EXECUTE */
    int fault(Task task, long va, int access);

    /**
     * Repairs a fault of user code if that concerns the task's own memory alone: the kernel lock is
     * {@linkplain vkernel.kern.KernelLock#share shared}, and other harts repair faults of other processes.
     *
     * @return false when the fault needs the lock, with nothing done
     */
    default boolean sharedFault(Task task, long va, int access) {
        return false;
    }

    // --- user memory ------------------------------------------------------------------------------------------------

    /** Copies from user memory with the user's rights, repairing faults. @return whether all could be copied */
    boolean read(AddressSpace space, long va, byte[] to, int offset, int length);

    /** Copies into user memory with the user's rights, repairing faults. @return whether all could be copied */
    boolean write(AddressSpace space, long va, byte[] from, int offset, int length);

    /** Like read, whatever the protection of the mapping (/proc/PID/mem, cmdline, ptrace). @return bytes copied */
    int peek(AddressSpace space, long va, byte[] to, int offset, int length);

    /** Like write, whatever the protection; private pages are copied first. @return bytes copied */
    int poke(AddressSpace space, long va, byte[] from, int offset, int length);

    /**
     * An aligned 32-bit word, atomically (futex(2)).
     *
     * @return the word zero-extended, or -EFAULT
     */
    long loadInt(AddressSpace space, long va);

    /** Compare-and-exchange of an aligned word. @return the old word zero-extended, or -EFAULT */
    long compareAndExchangeInt(AddressSpace space, long va, int expected, int update);

    /**
     * What identifies the word at an address for futex(2): equal for two spaces that share the page.
     *
     * @return null when the address faults
     */
    @Nullable
    FutexKey futexKey(AddressSpace space, long va, boolean processPrivate);

    /**
     * A string from user memory, without its NUL: one char for each byte (ISO 8859-1), so that every name survives.
     *
     * @return null when it faults or is longer than {@code limit}
     */
    @Nullable
    String readString(AddressSpace space, long va, int limit);

    /** Length of the string at {@code va} without its NUL; -EFAULT, or -ENAMETOOLONG beyond {@code limit}. */
    long stringLength(AddressSpace space, long va, int limit);

    /**
     * User memory as the target of a read or the source of a write. The buffer is the task's only one: a second call
     * for the same task reuses it.
     */
    IoBuffer buffer(Task task, long va, long length);

    /** Several ranges (readv(2)): pairs of address and length. */
    IoBuffer buffer(Task task, long[] ranges, int count);

    /** A kernel array as a buffer. */
    IoBuffer buffer(byte[] array, int offset, int length);

    // --- pages of files ---------------------------------------------------------------------------------------------

    /**
     * The physical address of a page of a cache, read or zeroed if it was not in memory.
     *
     * @param create true: the page is going to be written, and is made when it is neither in memory nor in the source
     * @return address, good until the next call that may need memory; -ENOENT when it is a hole and {@code create} is
     *     false; -ENOMEM, -EIO
     */
    long page(PageCache cache, long index, boolean create);

    /** Copies from a file's pages to a buffer, up to the cache's size. @return bytes or -errno */
    long readPages(PageCache cache, long position, IoBuffer to);

    /** Copies from a buffer to a file's pages and grows its size. @return bytes or -errno; -ENOSPC without memory */
    long writePages(PageCache cache, long position, IoBuffer from);

    /** Sets a new size: pages beyond are freed and unmapped everywhere, the rest of the last page zeroed. */
    void truncatePages(PageCache cache, long size);

    /** Frees pages of a range and leaves a hole (fallocate(2) PUNCH_HOLE). */
    void punchPages(PageCache cache, long position, long length);

    // --- swap space -------------------------------------------------------------------------------------------------

    /**
     * Uses a block file of the machine as swap space (swapon(2) without the ABI).
     *
     * @return 0; -ENOENT, -EBUSY when it is in use, -EINVAL when it is too small or read-only
     */
    default long swapOn(String name) {
        return -Errno.ENOSYS;
    }

    /**
     * Uses a place that mkswap(8) has prepared as swap space (swapon(2) without the ABI). Waits for its header.
     *
     * @return 0; -EINVAL without a header that makes sense, or when it is too small, -EIO, -ENOMEM when there are too
     *     many slots
     */
    default long swapOn(SwapPlace place) {
        return -Errno.ENOSYS;
    }

    /**
     * Brings pages back from swap space, which is used no more once none is left there (swapoff(2)). To be called again
     * until it is 0; the lock may be given back in between.
     *
     * @param pages most pages to be read now
     * @return pages that are still there; -EINVAL without such swap space, -ENOMEM when there is no room for them, -EIO
     */
    default long swapOff(String name, int pages) {
        return -Errno.EINVAL;
    }

    /** Swap space in use. */
    default List<SwapArea> swap() {
        return List.of();
    }
    // --- pages of files on disks ------------------------------------------------------------------------------------

    /** A frame to read a page into; the caller's until {@link #give} or {@link #insert}. @return address or -ENOMEM */
    long take();

    /** Gives a frame back that was taken or held. */
    void give(long address);

    /**
     * Puts a taken frame into a cache, which has it then.
     *
     * @return false when the page is there already: the frame is still the caller's
     */
    boolean insert(PageCache cache, long index, long address);

    /** Keeps a page's frame while the disk reads from it; to be given back. @return address, -ENOENT if not in memory */
    long hold(PageCache cache, long index);

    /** A page is about to be written to the disk: the next write to it is noted anew. */
    void clean(PageCache cache, long index);

    /** Notes that a page is not on the disk as it is here. */
    void dirty(PageCache cache, long index);

    /** The pages that have been modified since they were clean, ascending. */
    long[] dirtyPages(PageCache cache);

    // --- to look at -------------------------------------------------------------------------------------------------

    MemoryStats stats();

    VmCounters counters();

    /** Bytes of a space in memory: anonymous and file pages. */
    default long resident(AddressSpace space) {
        return (space.anonymousPages + space.filePages) << 12;
    }

    /** Looks whether every frame is accounted for. @return what is wrong, in words; empty when nothing is */
    List<String> check();
}
