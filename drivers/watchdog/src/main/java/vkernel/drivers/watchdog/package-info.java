/**
 * The watchdog of the machine (Linux: drivers/watchdog/watchdog_dev.c, softdog.c): a guest whose daemon does not report any
 * more hangs, and is booted again or reported. Not here: the kernel's own watchdog, which looks at harts (guest.kern).
 */
@NullMarked
package vkernel.drivers.watchdog;

import org.jspecify.annotations.NullMarked;
