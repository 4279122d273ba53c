/**
 * The riscv64 Linux ABI (Linux: arch/riscv/kernel, kernel/sys.c, fs/exec.c). Here: what a system call number means,
 * argument checks, struct layouts, signal frames, program loading, the vDSO. Not here: what the calls do to kernel
 * objects, which is guest.kern, guest.vm and guest.fs.
 *
 * <p>Everything runs with the kernel lock held, so that one scratch array serves all calls.
 */
@NullMarked
package vkernel.guest.linux;

import org.jspecify.annotations.NullMarked;
