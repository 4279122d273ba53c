/**
 * Calls on files, names and mounts (Linux: fs/read_write.c, open.c, namei.c, stat.c, fcntl.c, xattr.c). Here: arguments
 * and layouts. Not here: permissions and what files do, which is Vfs.
 */
@NullMarked
package vkernel.guest.linux.file;

import org.jspecify.annotations.NullMarked;
