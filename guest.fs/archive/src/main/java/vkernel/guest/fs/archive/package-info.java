/**
 * Root file systems from archives (Linux: init/initramfs.c, and what a container engine does with an image's layer).
 *
 * <p>Here: reading cpio (newc) and tar (ustar, pax, GNU) archives from a host ROM, plain or gzip, and building their
 * tree. Not here: how files behave afterwards, for the tree is a tmpfs. The contents of files in a plain archive are
 * not copied: their pages come from the ROM when they are wanted, and a page that is written belongs to memory.
 *
 * <p>An archive is not trusted: every number is checked before it is used, and what is wrong is said with its place.
 */
@NullMarked
package vkernel.guest.fs.archive;

import org.jspecify.annotations.NullMarked;
