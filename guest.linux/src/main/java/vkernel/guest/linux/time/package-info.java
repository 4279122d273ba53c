/**
 * Clocks, sleeping, timers (Linux: kernel/time). Here: clock numbers, expiry, timespec and timeval. Not here: the clock
 * itself.
 */
@NullMarked
package vkernel.guest.linux.time;

import org.jspecify.annotations.NullMarked;
