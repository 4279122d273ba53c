/**
 * The run-queue policy (Linux: kernel/sched/sched.h, struct sched_class).
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.sched;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
