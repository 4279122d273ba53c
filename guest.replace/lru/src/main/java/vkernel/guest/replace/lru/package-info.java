/**
 * Page replacement by two lists, active and inactive (Linux: mm/swap.c, mm/vmscan.c; 2Q of Johnson and Shasha, 1994). Here:
 * the order. Not here: taking pages away (guest.vm).
 */
@NullMarked
package vkernel.guest.replace.lru;

import org.jspecify.annotations.NullMarked;
