/**
 * Execution engines for RV64GC user code (QEMU: target/riscv).
 *
 * <p>The decode table is {@link vkernel.host.riscv.BaseSet}, {@link vkernel.host.riscv.FloatSet} and
 * {@link vkernel.host.riscv.CompressedSet}: one row per instruction. {@link vkernel.host.riscv.Decoder} turns an
 * instruction into one packed long ({@link vkernel.host.riscv.Packed}); {@link vkernel.host.riscv.DecodedPage} holds
 * those of a frame, shared by all harts; {@link vkernel.host.riscv.Loop} runs them, {@link vkernel.host.riscv.Core}
 * does what the loop cannot: fetch, traps, budget. Arithmetic on floats is {@link vkernel.host.riscv.Fpu} over
 * {@link vkernel.host.riscv.SoftFloat}.
 *
 * <p>Not here: address translation (the host's Mmu), time, anything privileged. No locks: a page of decoded code is
 * written by racing harts with equal values; see {@link vkernel.host.riscv.DecodedPage}.
 */
@NullMarked
package vkernel.host.riscv;

import org.jspecify.annotations.NullMarked;
