/**
 * Kernels that outlive the terminal they were booted from (compare: screen, containerd-shim). Here: an instance's folder,
 * its control socket and what is said on it. Who may enter the folder may control the kernel: it is the user's alone.
 */
@NullMarked
package vkernel.boot.instance;

import org.jspecify.annotations.NullMarked;
