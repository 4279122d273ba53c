/**
 * The fixed point of the kernel (Linux: kernel/sched/core.c, fork.c, exit.c, signal.c, entry.S, init/main.c). Here:
 * the kernel lock, harts and their trap loop, tasks' lives, signals, timers, interrupts, and the slots in which every
 * other subsystem is found. Not here: what a system call means (guest.linux), memory (guest.vm), files (guest.fs),
 * who runs next (guest.sched).
 *
 * <p>One lock, {@link KernelLock}, guards all kernel objects; a hart holds it except in user code and when idle.
 */
@NullMarked
package vkernel.guest.kern;

import org.jspecify.annotations.NullMarked;
