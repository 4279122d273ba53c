/** Kernels composed of parts: resolved, explained, changed while they run, and packed into a jar. */
@NullMarked
package vkernel.it.compose;

import org.jspecify.annotations.NullMarked;
