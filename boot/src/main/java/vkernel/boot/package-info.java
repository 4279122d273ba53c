/**
 * The {@code vk} program: command line, terminal, and kernels in one call ({@link vkernel.boot.VirtualKernel}). It
 * starts an OSGi framework for each kernel, gives it a machine, and stays outside of it.
 */
@NullMarked
package vkernel.boot;

import org.jspecify.annotations.NullMarked;
