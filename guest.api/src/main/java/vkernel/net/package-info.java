/**
 * Sockets (Linux: include/net/sock.h, af_unix.h, inet_sock.h). Here: the sockets themselves, their buffers and
 * addresses, as plain data, and the service that works on them. Not here: struct sockaddr, msghdr and the options as
 * programs see them (guest.linux), the protocols (guest.net).
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.net;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
