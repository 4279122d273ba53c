/**
 * Kernels as lists of capabilities (Linux: Kconfig; NetBSD: the link line of a rump kernel). Here: what there is to
 * choose from, resolving by the framework's own resolver, compositions of the user, and why a part is in one. Not here:
 * how a composition comes to run ({@link vkernel.boot.VirtualKernel}), nor the build's resolver, which is bnd's: a test
 * says that both find the same.
 */
@NullMarked
package vkernel.boot.compose;

import org.jspecify.annotations.NullMarked;
