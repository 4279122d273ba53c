package vkernel.drivers.net;

import java.net.InetSocketAddress;

/**
 * A port of the host's that leads to a port of the guest's.
 *
 * @param at where the host listens
 * @param port where the guest does
 */
record Publication(InetSocketAddress at, int port) {
    private static final String LOCAL = "127.0.0.1";

    /** {@code [ADDR:]HOSTPORT:PORT}; 127.0.0.1 unless told. @throws IllegalArgumentException saying what is wrong */
    static Publication parse(String text) {
        String[] parts = text.split(":");
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("'" + text + "' is not [ADDR:]HOSTPORT:PORT");
        }
        String host = parts.length == 3 ? parts[0] : LOCAL;
        int hostPort = port(text, parts[parts.length - 2]);
        InetSocketAddress at = new InetSocketAddress(host, hostPort);
        if (at.isUnresolved()) {
            throw new IllegalArgumentException("'" + text + "': " + host + " is no address of this machine");
        }
        return new Publication(at, port(text, parts[parts.length - 1]));
    }

    /** As it is read. */
    @Override
    public String toString() {
        return at.getAddress().getHostAddress() + ":" + at.getPort() + ":" + port;
    }

    static int port(String text, String number) {
        if (!number.matches("[0-9]{1,5}") || Integer.parseInt(number) > 65_535) {
            throw new IllegalArgumentException("'" + text + "': " + number + " is no port");
        }
        return Integer.parseInt(number);
    }
}
