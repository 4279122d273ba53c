package vkernel.vm;

/**
 * Memory as free(1) shows it. Bytes, but for the counts.
 *
 * @param total RAM for user pages, page tables and caches
 * @param free not in use
 * @param cached in page caches
 * @param shared in page caches without a source: tmpfs and shared anonymous memory (Shmem of proc(5))
 * @param anonymous private pages of processes
 * @param pageTables page tables
 * @param swapTotal swap space
 * @param swapFree swap space not in use
 * @param spaces number of address spaces
 */
public record MemoryStats(
        long total,
        long free,
        long cached,
        long shared,
        long anonymous,
        long pageTables,
        long swapTotal,
        long swapFree,
        int spaces) {}
