/**
 * What a kernel may ask of the machine beneath it: bytes, frames, nanoseconds (DragonFly BSD: vmspace(2),
 * sys/vkernel.h). No kernel noun (task, inode, errno) occurs here, and nothing of the guest is imported.
 *
 * <p>The one entry is {@link vkernel.host.Host}, an OSGi service. Execution engines and what they share with a
 * host are in {@link vkernel.host.engine}.
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.host;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
