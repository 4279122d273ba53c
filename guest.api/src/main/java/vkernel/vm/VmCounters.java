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
}
