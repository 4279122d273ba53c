package vkernel.dev;

import vkernel.task.WaitQueue;

/** A host channel that is no terminal, as the guest sees it: two pipes. Plain data. */
public final class ByteStream {
    /** Name of the host channel at its other end. */
    public final String channel;

    public final ByteRing input = new ByteRing(65536);
    public final ByteRing output = new ByteRing(65536);
    /** Nothing comes in behind {@link #input}. */
    public boolean ended;
    /** The other end takes no more output. */
    public boolean broken;
    /** Open files. */
    public int opens;

    public final WaitQueue forInput = new WaitQueue();
    public final WaitQueue forOutput = new WaitQueue();

    public ByteStream(String channel) {
        this.channel = channel;
    }
}
