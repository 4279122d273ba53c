package vkernel.net;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The way out: the service of drivers/net, in the slot {@code gateway}. A conversation with the outside has a far end
 * in this kernel, an {@link InetSocket} without a file that is the peer of the program's. The gateway carries bytes
 * between it and the outside, by {@link NetStack}'s calls for gateways. Called with the kernel lock held; no call waits.
 */
@ProviderType
public interface Gateway {
    /**
     * What goes wrong on the way out, as asked.
     *
     * @param loss of all that is sent, 0 to 1
     * @param delayMillis how much later all comes
     * @param seed of chance
     * @param lost pieces that met a loss; messages are gone, and what belongs to a connection comes later
     * @param late pieces that came later
     */
    record Faults(double loss, long delayMillis, long seed, long lost, long late) {
        @Override
        public String toString() {
            return "loss %.4f, delay %d ms, seed %d; lost %d, late %d".formatted(loss, delayMillis, seed, lost, late);
        }
    }

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
    default Faults faults(String rules) {
        throw new IllegalArgumentException("this way out has no faults to set");
    }

    /**
     * Leads out from now on, as the option {@code net} of the kernel says it: {@code user}, {@code switch:NAME}, …
     *
     * @return why not; null when it does
     */
    default @Nullable String attach(String where) {
        return "this way out is what it is";
    }

    /** Ends the way out that there is. @return why not; null when it has gone */
    default @Nullable String detach() {
        return "this way out is what it is";
    }

    /**
     * Leads a port of the machine's to one of this kernel's from now on, as the option {@code publish} says it:
     * {@code [ADDR:]HOSTPORT:PORT}. Without a way out that begins one, as the option does.
     *
     * @return why not; null when it does
     */
    default @Nullable String publish(String port) {
        return "this way out has no ports to publish";
    }

    /** Ends what {@link #publish} began; connections that have come in by it stay. @return why not; null when it has */
    default @Nullable String withdraw(String port) {
        return "this way out has no ports to publish";
    }

    /** Ports of the machine's that lead in, in the order they came: {@code ADDR:HOSTPORT:PORT}. */
    default List<String> published() {
        return List.of();
    }

    /** What goes through it now, in words; empty for nothing. */
    default String use() {
        return "";
    }

    /** A UDP socket that has sent something is gone. */
    void forget(InetSocket socket);
}
