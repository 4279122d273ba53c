/**
 * The way out of the machine: what QEMU calls user networking (slirp). A program's connection ends in this kernel at a far
 * end, and goes on through a socket of the host's; no packets, no privileges. Here: carrying bytes and messages, ports
 * that the host publishes. Not here: TCP and UDP (guest.net), the host's sockets (host.net).
 *
 * <p>Only if the option {@code net=user} is set. The machine is 10.0.2.15, the host's loopback 10.0.2.2, whoever the
 * host asks for names 10.0.2.3. What is under way ends when this driver goes.
 */
@NullMarked
package vkernel.drivers.net;

import org.jspecify.annotations.NullMarked;
