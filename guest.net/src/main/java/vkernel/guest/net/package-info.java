/**
 * Sockets (Linux: net/socket.c, net/unix, net/ipv4, net/core/rtnetlink.c).
 *
 * <p>Here: Unix sockets with descriptors on their way, TCP and UDP between the programs of this kernel, what
 * getifaddrs(3) asks rtnetlink, /proc/net. Not here: structures and options as programs see them (guest.linux), packets:
 * two ends of a connection know each other, and bytes go from one's hand into the other's buffer.
 *
 * <p>{@link vkernel.guest.net.SocketStack} is the face; each {@link vkernel.guest.net.Protocol} is one chapter. Hard
 * state is in {@link vkernel.guest.net.Tables} and in the objects of guest.api. Everything is called with the kernel
 * lock held.
 */
@NullMarked
package vkernel.guest.net;

import org.jspecify.annotations.NullMarked;
