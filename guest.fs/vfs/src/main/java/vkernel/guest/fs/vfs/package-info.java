/**
 * The tree of names and open files (Linux: fs/namei.c, open.c, read_write.c, pipe.c, locks.c, namespace.c).
 *
 * <p>Here: path walk and the dentry cache, permissions, open file descriptions, pipes and FIFOs, file locks, mounts.
 * Not here: what is in a file system (the {@link vkernel.fs.FileSystemType}s), descriptors as the program sees them
 * and the layout of structures (guest.linux), pages of files (guest.vm).
 *
 * <p>{@link vkernel.guest.fs.vfs.DentryVfs} is the face; each part below it is one chapter. Hard state is in
 * {@link vkernel.guest.fs.vfs.Tree} and in the objects of guest.api. Everything is called with the kernel lock held.
 */
@NullMarked
package vkernel.guest.fs.vfs;

import org.jspecify.annotations.NullMarked;
