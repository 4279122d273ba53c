/** What every page replacement policy must do. */
@NullMarked
package vkernel.vm.contract;

import org.jspecify.annotations.NullMarked;
