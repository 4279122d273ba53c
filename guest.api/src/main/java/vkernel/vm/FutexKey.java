package vkernel.vm;

/**
 * What identifies a word in memory for futex(2).
 *
 * @param owner the address space, or for shared memory the page cache; compared by identity
 * @param position virtual address, or byte offset in the page cache
 */
public record FutexKey(Object owner, long position) {}
