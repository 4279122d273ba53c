/**
 * Terminals and byte streams over the host's channels (Linux: drivers/tty/n_tty.c, tty_io.c, tty_jobctrl.c).
 *
 * <p>Here: the line discipline, job control, terminal ioctls, and channels that are no terminals, as pipes. Not here:
 * pseudo terminals, and who makes the channels (the launcher).
 *
 * <p>All state lies in {@link vkernel.dev.Tty} and {@link vkernel.dev.ByteStream}; a port ties one of them to its host
 * channel and can be made anew. Everything runs with the kernel lock held; a host thread only raises an interrupt.
 */
@NullMarked
package vkernel.drivers.console;

import org.jspecify.annotations.NullMarked;
