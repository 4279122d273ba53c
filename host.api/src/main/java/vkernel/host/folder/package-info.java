/**
 * Folders of a Linux host, by its system calls through {@code java.lang.foreign}.
 *
 * <p>Here: confinement. Every call opens the folder that a name lies in by openat2(2) with RESOLVE_BENEATH, without
 * symbolic links and mounts, and acts on one name in it by the calls that end in "at", which follow nothing. No
 * descriptor of a folder is kept, so one that the host moves away is out of reach from then on. Not here: whose files
 * they are in the guest, and what a file system makes of it (guest.fs/host).
 */
@NullMarked
package vkernel.host.folder;

import org.jspecify.annotations.NullMarked;
