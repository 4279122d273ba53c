/**
 * Calls about the system as a whole (Linux: kernel/sys.c, reboot.c, printk), and sockets, of which there are none yet.
 */
@NullMarked
package vkernel.guest.linux.sys;

import org.jspecify.annotations.NullMarked;
