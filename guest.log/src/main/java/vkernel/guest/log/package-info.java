/** The kernel log (Linux: kernel/printk): all SLF4J events of one framework in a ring, the grave ones on stderr too. */
@NullMarked
package vkernel.guest.log;

import org.jspecify.annotations.NullMarked;
