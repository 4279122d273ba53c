package vkernel.net;

/** Where a socket is (struct sockaddr). */
public sealed interface SocketAddress {
    /** An address of a family that nobody serves, or AF_UNSPEC: none. */
    record None(int family) implements SocketAddress {}

    /** @param name a path, or an abstract name behind a NUL; empty to be given one. Bytes as chars of ISO 8859-1 */
    record Unix(String name) implements SocketAddress {}

    /**
     * @param family AF_INET or AF_INET6: how the program writes it
     * @param scope the interface of a link-local address; 0 for none
     */
    record Inet(int family, IpAddress host, int port, int scope) implements SocketAddress {}

    /** @param port of whom; 0 for the kernel */
    record Netlink(int port, int groups) implements SocketAddress {}
}
