/**
 * /dev: a tmpfs in which the nodes of the drivers come and go with their bundles (Linux: drivers/base/devtmpfs.c, which
 * rests on tmpfs as well). Here: which nodes there are. Not here: directories, names and contents, which are tmpfs's.
 *
 * <p>What the kernel has put where is noted in the root inode's data, so that it takes away nothing of a user's.
 */
@NullMarked
package vkernel.guest.fs.devfs;

import org.jspecify.annotations.NullMarked;
