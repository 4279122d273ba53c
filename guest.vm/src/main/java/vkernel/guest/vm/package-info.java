/**
 * Virtual memory (Linux: mm/). Here: frames, page tables, address spaces, page faults, copy on write, the page cache,
 * copies to and from user memory, what happens when memory is short. Not here: what the objects look like
 * ({@link vkernel.vm}), the walk of the tables and the TLB (the host), files behind the pages (guest.fs).
 *
 * <p>{@link DemandPaging} is the service. Below it, each layer calls only those before it: {@link Frames};
 * {@link Supply}; {@link PageTables}; {@link Zap}; {@link FilePages}; {@link Writes};
 * {@link Faults}; {@link Ranges}; the calls.
 *
 * <p>Rules that hold whenever the kernel lock is free, checked by {@link Consistency}:
 * <ul>
 *   <li>A frame is reused only after {@code inval} of every address space that could reach it.
 *   <li>A page that is private is writable in a table only when nothing else refers to its frame.
 *   <li>A page of a cache that can be read again is writable in a table only when it is marked dirty.
 *   <li>Page tables go with unmap and drop, never while a fault is repaired.
 * </ul>
 */
@NullMarked
package vkernel.guest.vm;

import org.jspecify.annotations.NullMarked;
