/**
 * Signals (Linux: kernel/signal.c, arch/riscv/kernel/signal.c). Here: the calls, siginfo, frames. Not here: which task
 * takes a signal and when, which is guest.kern.
 */
@NullMarked
package vkernel.guest.linux.signal;

import org.jspecify.annotations.NullMarked;
