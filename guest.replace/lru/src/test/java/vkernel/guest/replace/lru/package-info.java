@NullMarked
package vkernel.guest.replace.lru;

import org.jspecify.annotations.NullMarked;
