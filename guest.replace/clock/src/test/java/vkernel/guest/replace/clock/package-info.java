@NullMarked
package vkernel.guest.replace.clock;

import org.jspecify.annotations.NullMarked;
