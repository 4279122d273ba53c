package vkernel.vm;

/** Events since boot (/proc/vmstat). Guarded by the kernel lock. */
public final class VmCounters {
    /** Address spaces made; names the next one. */
    public int spaces;

    public long faults;
    public long majorFaults;
    public long zeroFills;
    public long copies;
    /** Copy-on-write faults that found the page shared no more. */
    public long reuses;

    public long pagesAllocated;
    public long pagesFreed;
    public long forks;
    public long outOfMemory;

    /** Pages that a replacement policy has looked at, and those that it has named. */
    public long scanned;

    public long victims;
    /** Pages that were taken back because they can be read again. */
    public long reclaimed;
    /** Modified pages of files that were written because memory was short. */
    public long writtenBack;

    public long swapIns;
    public long swapOuts;
    /** Times that a task, or the kernel, has waited for swap space. */
    public long swapWaits;
}
