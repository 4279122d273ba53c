package vkernel.net;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Frames for whoever looks at what passes (Linux: a socket of AF_PACKET). Plain data: guest.net adds, with the kernel lock
 * held and never waiting; a thread of the one who looks takes. It is part of the network's state, so it goes on when
 * guest.net is replaced.
 */
public final class Capture {
    /** Most frames that wait to be taken; what comes beyond is counted in {@link #dropped}. */
    public static final int MOST = 4096;

    public final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>(MOST);
    /** Frames so far, and those for which there was no room. */
    public volatile long seen;

    public volatile long dropped;

    /**
     * What passed, as it would have been on an Ethernet.
     *
     * @param time nanoseconds since 1970, by the machine's clock
     */
    public record Frame(long time, byte[] bytes) {}
}
