/**
 * Files in memory (Linux: mm/shmem.c).
 *
 * <p>Here: names, contents, limits of size and number. Not here: path walk, permissions and open files (guest.fs/vfs);
 * the pages themselves (guest.vm). All state is in the super block and the inodes, so that another provider of
 * {@code fs=tmpfs} can go on with it.
 */
@NullMarked
package vkernel.guest.fs.tmpfs;

import org.jspecify.annotations.NullMarked;
