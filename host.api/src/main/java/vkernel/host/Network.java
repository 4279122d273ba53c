package vkernel.host;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The network of the machine around, as far as a program without privileges has it: what a gateway is built on. An OSGi
 * service of its own; nothing is done before it is asked for. No call but {@link #listen} waits. Any thread may call.
 * Listeners are told on a host thread and must only note the fact.
 */
@ProviderType
public interface Network {
    /** Begins a TCP connection. @param news told when it is open or has failed, has input, or takes output again */
    Stream connect(InetSocketAddress to, Runnable news);

    /**
     * Listens for TCP connections. When the address is in use it waits a moment for the host, lest that is one that was
     * closed here just before.
     *
     * @param news told when there is one to be accepted
     * @throws HostException {@code BUSY} when the address is in use, {@code IO} when it cannot be had
     */
    Listener listen(InetSocketAddress at, Runnable news);

    /** A UDP socket with a port of its own. @throws HostException {@code IO} */
    Datagrams datagrams(Runnable news);

    /** Whom the machine around asks for names; none when it does not say. */
    List<InetSocketAddress> nameServers();

    /** How a connection stands. */
    enum Status {
        CONNECTING,
        OPEN,
        REFUSED,
        UNREACHABLE,
        TIMED_OUT,
        /** Broken by the other side. */
        RESET
    }

    /** A TCP connection. */
    interface Stream extends AutoCloseable {
        Status status();

        /** The other side. */
        InetSocketAddress peer();

        /** @param news the new listener, instead of the former */
        void listener(Runnable news);

        /** Takes what has come in. @return bytes; 0 when there is nothing now, -1 at the end or when it is broken */
        int read(byte[] to, int offset, int length);

        /** Sends. @return bytes accepted, fewer than {@code length} when there is no room; -1 when it is broken */
        int write(byte[] from, int offset, int length);

        /** No more is sent; what was accepted arrives. */
        void finish();

        /** Closes by a reset: the other side is told that something was lost. */
        void abort();

        @Override
        void close();
    }

    /** A port that takes connections. */
    interface Listener extends AutoCloseable {
        /** The port, when any was asked for. */
        int port();

        /** The next connection; null when there is none now. Its listener is still to be set. */
        @Nullable
        Stream accept();

        @Override
        void close();
    }

    /** A UDP socket. */
    interface Datagrams extends AutoCloseable {
        /** Sends a message, or loses it. */
        void send(byte[] bytes, InetSocketAddress to);

        /** Takes the next message; null when there is none now. */
        @Nullable
        Arrived receive();

        @Override
        void close();
    }

    /** A message and whose it is. */
    record Arrived(byte[] bytes, InetSocketAddress from) {}
}
