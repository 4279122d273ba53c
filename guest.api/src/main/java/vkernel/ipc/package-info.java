/**
 * What processes share by key or name (Linux: ipc/): System V shared memory, semaphores and message queues, POSIX message
 * queues. Plain data.
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.ipc;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
