/**
 * Page replacement by second chance (Corbato, 1968; Linux until 2.4). Here: the order. Not here: taking pages away
 * (guest.vm). The smallest policy worth having: read it before writing one.
 */
@NullMarked
package vkernel.guest.replace.clock;

import org.jspecify.annotations.NullMarked;
