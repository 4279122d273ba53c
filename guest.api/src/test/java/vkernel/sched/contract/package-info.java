/** What every scheduler policy must do, as an abstract JUnit class. It comes as the test-jar of guest.api. */
@NullMarked
package vkernel.sched.contract;

import org.jspecify.annotations.NullMarked;
