/**
 * System V and POSIX inter-process communication (Linux: ipc/). Here: tables, permissions and the calls. Not here: pages,
 * which are guest.vm's.
 */
@NullMarked
package vkernel.guest.linux.ipc;

import org.jspecify.annotations.NullMarked;
