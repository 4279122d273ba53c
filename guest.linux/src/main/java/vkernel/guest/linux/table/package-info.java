/**
 * The system call table (Linux: arch/riscv/kernel/syscall_table.c): numbers, names, how much of each call there is, and
 * counters. Not here: the calls.
 */
@NullMarked
package vkernel.guest.linux.table;

import org.jspecify.annotations.NullMarked;
