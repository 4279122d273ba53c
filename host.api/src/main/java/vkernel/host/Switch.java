package vkernel.host;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A switch between machines, of this JVM or of others on this host: frames of bytes go from one numbered port to another,
 * in order and without loss. It is a Unix socket; whoever comes first serves it, and when they go, another one does. An OSGi
 * service of its own; nothing is done before it is asked for.
 */
@ProviderType
public interface Switch {
    /** Most bytes of a frame. */
    int MOST = 1 << 17;
    /** As a destination: all others. */
    int ALL = 0;
    /** As a source: the switch itself, which says with one byte whose port is gone, or is not there. */
    int SELF = 255;

    /**
     * Plugs a machine in; returns when it has a number. Waits for the host.
     *
     * @param at the socket, made when it is not there
     * @param wanted a number from 1 to 250; 0 for the lowest that is free
     * @param news told, on a thread of the host, that a frame has come or that the switch is gone or back
     * @throws HostException {@code BUSY} when the number is taken, {@code IO}
     */
    Port plug(Path at, int wanted, Runnable news);

    /** A machine's end of its cable. No call waits. Any thread may call. */
    interface Port extends AutoCloseable {
        int number();

        /** Sends a frame: a byte that is a port's number or {@link #ALL}, and what it is to have. */
        void send(byte[] frame);

        /** Takes the next frame, whose first byte is where it comes from; null when there is none now. */
        byte @Nullable [] receive();

        @Override
        void close();
    }
}
