/** Tests of virtual memory on the simulated host with every translation checked; the kernel around it is small. */
@NullMarked
package vkernel.guest.vm;

import org.jspecify.annotations.NullMarked;
