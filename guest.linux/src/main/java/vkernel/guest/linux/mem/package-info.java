/**
 * Calls on memory (Linux: mm/mmap.c, mprotect.c, madvise.c). Here: arguments. Not here: what happens, which is Vm.
 */
@NullMarked
package vkernel.guest.linux.mem;

import org.jspecify.annotations.NullMarked;
