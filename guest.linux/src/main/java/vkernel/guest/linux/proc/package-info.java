/**
 * Calls on processes, threads, ids, limits and futexes (Linux: kernel/fork.c, exit.c, sys.c, futex/). Here: checks and
 * layouts. Not here: making and ending tasks, which is guest.kern.
 */
@NullMarked
package vkernel.guest.linux.proc;

import org.jspecify.annotations.NullMarked;
