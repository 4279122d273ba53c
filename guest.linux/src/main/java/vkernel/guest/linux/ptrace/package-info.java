/**
 * ptrace(2) (Linux: kernel/ptrace.c, arch/riscv/kernel/ptrace.c): what a tracer asks for. Not here: when a traced task
 * stops and how it goes on, which is guest.kern's.
 */
@NullMarked
package vkernel.guest.linux.ptrace;

import org.jspecify.annotations.NullMarked;
