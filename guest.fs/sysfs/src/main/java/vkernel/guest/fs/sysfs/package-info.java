/**
 * /sys (Linux: fs/sysfs, drivers/base): what programs ask about the machine there: CPUs, memory nodes, the clock, the
 * classes of devices, most of them empty. Here: a table of paths and texts. Not here: uevents, attributes that can be
 * written, and anything about real hardware, since there is none.
 */
@NullMarked
package vkernel.guest.fs.sysfs;

import org.jspecify.annotations.NullMarked;
