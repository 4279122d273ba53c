/**
 * Folders of the host as file systems (Linux: fs/9p, fs/hostfs). What is there is asked of the host each time, so its
 * changes are seen at once; nothing of names or attributes is kept.
 *
 * <p>Here: names, attributes and contents, each a call on a {@link vkernel.host.Folder}; pages in memory of files that
 * are mapped or executed, and their way back. Not here: confinement, which is the host's. All state is in
 * {@link vkernel.fs.HostVolume} and {@link vkernel.fs.HostInode}, so that another provider of {@code fs=host} can go on.
 *
 * <p>A call of the host lasts as long as the host takes, with the kernel lock held.
 */
@NullMarked
package vkernel.guest.fs.host;

import org.jspecify.annotations.NullMarked;
