/**
 * Tasks, processes, signals and waiting, as plain data (Linux: include/linux/sched.h, sched/signal.h, wait.h).
 * What happens to them is decided by guest.kern.
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.task;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
