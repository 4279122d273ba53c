/**
 * What every host must do, as abstract JUnit classes: a host's own tests extend them and say how a machine is started.
 * They come as the test-jar of host.api. User code is a {@link vkernel.host.contract.ScriptedEngine}'s.
 */
@NullMarked
package vkernel.host.contract;

import org.jspecify.annotations.NullMarked;
