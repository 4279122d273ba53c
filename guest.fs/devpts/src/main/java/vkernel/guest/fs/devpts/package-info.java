/**
 * /dev/pts: a node for each pseudo-terminal (Linux: fs/devpts/inode.c). Here: names, owners and modes. Not here: the
 * pseudo-terminals, which are the console driver's. Unlike on Linux every devpts shows all of them.
 *
 * <p>Nodes are kept in the root inode's data, by number, so that what chmod and chown have done stays.
 */
@NullMarked
package vkernel.guest.fs.devpts;

import org.jspecify.annotations.NullMarked;
