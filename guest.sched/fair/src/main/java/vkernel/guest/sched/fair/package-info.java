/** Fair shares by weighted virtual run time (Linux: kernel/sched/fair.c, as CFS first was). */
@NullMarked
package vkernel.guest.sched.fair;

import org.jspecify.annotations.NullMarked;
