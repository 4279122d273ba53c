/**
 * Files as the rest of the kernel sees them, and their objects as plain data (Linux: include/linux/fs.h).
 *
 * <p>File names are byte strings; in Java they are Strings with one char (0-255) for each byte (ISO 8859-1), so that
 * every name survives whatever its encoding.
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.fs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
