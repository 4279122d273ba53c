/**
 * Sockets as programs see them (Linux: net/socket.c, net/core/scm.c, net/core/sock.c): struct sockaddr, struct msghdr,
 * control messages, options.
 */
@NullMarked
package vkernel.guest.linux.net;

import org.jspecify.annotations.NullMarked;
