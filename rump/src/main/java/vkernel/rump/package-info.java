/**
 * A kernel around one subsystem that is used as a library (NetBSD: a rump kernel; the idea: the anykernel). The
 * subsystem is the same class as in a running kernel; here is what it asks of the rest, on the Java heap and in one's own
 * threads: a lock, time, timers, interrupts, pages, disks in files, a switch in memory. No framework, no guest, no harts.
 * What is not here fails, saying so ({@link vkernel.rump.Partial}).
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.rump;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
