/** Bundles used as libraries: parts of a kernel without the kernel ({@link vkernel.rump}), and what {@code vk fs} does. */
@NullMarked
package vkernel.boot.library;

import org.jspecify.annotations.NullMarked;
