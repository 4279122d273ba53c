/**
 * What every part of the kernel may ask of its fixed point, guest.kern: time, waiting and waking, tasks, signals,
 * slots. All other packages of guest.api lean on this one.
 *
 * <p>One rule of concurrency holds for all kernel objects and all services of guest.api: they are touched only by a
 * thread that holds the kernel lock ({@link vkernel.kern.Kernel#lock}). A trap handler runs with it held. User code
 * runs without it, on every hart at once.
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.kern;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
