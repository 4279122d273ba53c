/**
 * Virtual memory as its users see it, and its objects as plain data (Linux: include/linux/mm_types.h).
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.vm;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
