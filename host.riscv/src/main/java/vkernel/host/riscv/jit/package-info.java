/**
 * The translator: RV64GC user code to JVM bytecode (QEMU: accel/tcg).
 *
 * <p>{@link vkernel.host.riscv.jit.Dispatcher} runs a hart: it interprets, counts the places that
 * {@link vkernel.host.riscv.DecodedPage} marks, and asks for a translation of the hot ones. On the thread of
 * {@link vkernel.host.riscv.jit.CompileQueue}, {@link vkernel.host.riscv.jit.Discovery} finds the blocks of a region,
 * {@link vkernel.host.riscv.jit.Flow} what it must load and store, {@link vkernel.host.riscv.jit.RegionWriter} writes
 * its class; {@link vkernel.host.riscv.jit.Regions} keeps them by page of code. Regions call each other by
 * {@link vkernel.host.riscv.jit.Link}.
 *
 * <p>Not here: decoding, and every instruction that a region leaves to the interpreter. Lock order: {@code Regions},
 * then {@code Link}; neither is held while guest code runs.
 */
@NullMarked
package vkernel.host.riscv.jit;

import org.jspecify.annotations.NullMarked;
