/**
 * Lines in the manner of strace(1).
 */
@NullMarked
package vkernel.guest.linux.trace;

import org.jspecify.annotations.NullMarked;
