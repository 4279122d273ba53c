/**
 * One program and the kernel that it needs as one executable jar (compare: Unikraft, OSv, NetBSD's rumprun). Here: what a
 * program needs as a traced run shows it, its root, and the jar. Not here: the jar's main class
 * ({@link vkernel.boot.Unikernel}).
 */
@NullMarked
package vkernel.boot.unikernel;

import org.jspecify.annotations.NullMarked;
