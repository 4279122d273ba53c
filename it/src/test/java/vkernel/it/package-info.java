/** The whole kernel, with real guest programs in it. */
@NullMarked
package vkernel.it;

import org.jspecify.annotations.NullMarked;
