/**
 * Fast user mutexes (Linux: kernel/futex). Here: waiting, waking, moving waiters, robust lists. Not here: priority
 * inheritance.
 */
@NullMarked
package vkernel.guest.linux.futex;

import org.jspecify.annotations.NullMarked;
