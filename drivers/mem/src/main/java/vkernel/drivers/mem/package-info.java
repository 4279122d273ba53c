/**
 * Devices that are no devices (mem(4), null(4), random(4); Linux: drivers/char/mem.c, random.c, kernel/printk).
 * Here: null, zero, full, random, urandom, kmsg. Not here: /dev/mem and /dev/port.
 *
 * <p>No state of its own. The position in the kernel log lies in the open file.
 */
@NullMarked
package vkernel.drivers.mem;

import org.jspecify.annotations.NullMarked;
