/**
 * Disks (Linux: block/, drivers/block/virtio_blk.c): the host's block files as /dev/vda, /dev/vdb, …, their partitions,
 * the queue of requests between file systems and the host. Not here: caches, which are the file systems'.
 *
 * <p>Requests go to the host at once and complete there on its threads, which only note it and raise one interrupt for
 * as many as there are. All else is done on a hart, with the kernel lock held.
 */
@NullMarked
package vkernel.drivers.disk;

import org.jspecify.annotations.NullMarked;
