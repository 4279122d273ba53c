package vkernel.net;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The way out: the service of drivers/net, in the slot {@code gateway}. A conversation with the outside has a far end
 * in this kernel, an {@link InetSocket} without a file that is the peer of the program's. The gateway carries bytes
 * between it and the outside, by {@link NetStack}'s calls for gateways. Called with the kernel lock held; no call waits.
 */
@ProviderType
public interface Gateway {
    /** The interface that leads out; empty when nobody has asked for one. */
    Optional<NetStack.Interface> link();

    /** Begins to connect: {@code far} is where to. What comes of it is told to {@link NetStack#opened} or {@code failed}. */
    void connect(InetSocket far);

    /** A far end has bytes to be carried, or room, or has been ended from inside. */
    void news(InetSocket far);

    /** Carries a message of a UDP socket. */
    void send(InetSocket from, IpAddress to, int port, byte[] bytes);

    /**
     * Sets the faults of the way out, for tests: {@code loss 1/10}, {@code delay 20} (milliseconds), {@code seed 7},
     * {@code none}; several with spaces between them.
     *
     * @return those that are set, and what they have done so far
     * @throws IllegalArgumentException saying what is wrong
     */
    default String faults(String rules) {
        throw new IllegalArgumentException("this way out has no faults to set");
    }

    /** A UDP socket that has sent something is gone. */
    void forget(InetSocket socket);
}
