/**
 * The kernel stays alive: bad programs, bad roots, programs that take all they can get, bugs of our own in a handler.
 * Not here: what a correct answer is (vkernel.it).
 */
package vkernel.it.robust;
