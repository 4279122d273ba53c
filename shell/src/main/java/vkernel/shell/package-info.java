/**
 * The kernel's own shell: Gogo commands, one class for each scope, and the {@link vkernel.kern.Monitor} that runs
 * them. It renders, it never decides. Every command takes {@code --json} where it shows something.
 */
@NullMarked
package vkernel.shell;

import org.jspecify.annotations.NullMarked;
