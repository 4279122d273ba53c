/**
 * A machine simulated on the JVM (Linux analogue: the board and its MMU; DragonFly BSD: the host side of a vkernel).
 *
 * <p>Here: guest RAM off the heap, vmspaces with a software MMU and a TLB pool per hart, shootdown, clocks, entropy,
 * block files. Not here: the execution of instructions (an {@link vkernel.host.engine.Engine}), the channels and ROMs
 * (given by the launcher).
 *
 * <p>Lock order: a {@code Space}'s monitor, then a core's flush queue. The lock of {@code CodeFrames} and that of
 * {@code StaleTranslations} are leaves. No lock but a space's monitor is held while a shootdown waits for harts, and a
 * hart takes no space's monitor inside {@code run}: so every hart answers.
 */
@NullMarked
package vkernel.host.sim;

import org.jspecify.annotations.NullMarked;
