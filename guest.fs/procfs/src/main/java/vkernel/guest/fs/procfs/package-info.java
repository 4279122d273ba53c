/**
 * /proc (proc(5); Linux: fs/proc). A file is a row in one of two tables, {@link vkernel.guest.fs.procfs.SystemFiles}
 * and {@link vkernel.guest.fs.procfs.ProcessFiles}: a path, its mode, and what writes its text. The text is made when
 * the file is opened and kept in the open file, so that one reader sees one moment.
 *
 * <p>There is no state: an inode's data is its path below /proc, a String. Inode numbers are made from it.
 */
@NullMarked
package vkernel.guest.fs.procfs;

import org.jspecify.annotations.NullMarked;
