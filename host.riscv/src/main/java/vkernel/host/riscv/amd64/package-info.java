/**
 * Guest code as machine code of x86-64, written block by block (QEMU: tcg/). The interpreter is its cold tier and does
 * whatever a block does not.
 */
@NullMarked
package vkernel.host.riscv.amd64;

import org.jspecify.annotations.NullMarked;
