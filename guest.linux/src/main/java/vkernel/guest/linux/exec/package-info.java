/**
 * Running programs (Linux: fs/exec.c, binfmt_elf.c, binfmt_script.c, arch/riscv/kernel/vdso.c). Here: ELF, scripts, the
 * first stack, the vDSO. Not here: mapping pages, which is Vm.
 */
@NullMarked
package vkernel.guest.linux.exec;

import org.jspecify.annotations.NullMarked;
