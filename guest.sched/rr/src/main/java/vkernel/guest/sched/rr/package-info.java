/** Round robin (Linux: SCHED_RR without priorities). The smallest policy worth having: read it before writing one. */
@NullMarked
package vkernel.guest.sched.rr;

import org.jspecify.annotations.NullMarked;
