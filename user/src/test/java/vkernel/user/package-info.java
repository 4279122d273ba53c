/** Tests of the guest userland: that the kept image fits its sources, and that the programs do what they should. */
@NullMarked
package vkernel.user;

import org.jspecify.annotations.NullMarked;
