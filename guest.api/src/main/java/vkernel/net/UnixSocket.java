package vkernel.net;

import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.task.WaitQueue;

/** A socket of AF_UNIX (unix(7)). Plain data. */
public final class UnixSocket extends Socket {
    /**
     * What it is bound to: a path as it was given, or an abstract name behind a NUL; null for nothing. Bytes are chars
     * of ISO 8859-1.
     */
    public @Nullable String name;
    /** Holds the file that it is bound to; null without a path. */
    public @Nullable OpenFile place;

    public @Nullable UnixSocket peer;
    /** Of one that waits to be accepted: at whom. */
    public @Nullable UnixSocket listener;
    /** Who waits for room in its queue: of messages, or of connections to be accepted. */
    public final WaitQueue forPeers = new WaitQueue();
    /** How often its file is in a message under way (SCM_RIGHTS). */
    public int inFlight;

    public UnixSocket(int type) {
        super(AF_UNIX, type, 0, type == STREAM ? new StreamBuffer() : null);
    }
}
