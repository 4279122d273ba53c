/**
 * Device drivers (Linux: include/linux/cdev.h, tty.h).
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.dev;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
