package vkernel.host;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Bytes to and from the outside: a terminal, a pipe, a file. No call waits. Any thread may call; given to a machine
 * by whoever starts it.
 */
@ConsumerType
public interface Channel {
    /** A listener that does nothing, for whoever stops listening: it keeps no driver's class in memory. */
    Runnable NOBODY = () -> {};

    /** Whether a person's terminal is at the other end (the kernel makes it a tty). */
    boolean terminal();

    /** Takes what has come in. @return bytes; 0 when there is nothing now, -1 at the end of input */
    int read(byte[] to, int offset, int length);

    /** Sends. @return bytes accepted; fewer than {@code length} when the outside is slow, -1 when it has gone */
    int write(byte[] from, int offset, int length);

    /** Rows of the terminal; 0 when it has no size. */
    default int rows() {
        return 0;
    }

    /** Columns of the terminal; 0 when it has no size. */
    default int columns() {
        return 0;
    }

    /** Whether all that was written has left. */
    default boolean drained() {
        return true;
    }

    /**
     * Sets who is told, on a host thread, that there is input, room for output or a new size. It must only note the
     * fact. The former listener is forgotten.
     */
    void listener(Runnable changed);
}
