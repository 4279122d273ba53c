package vkernel.net;

/** Numbers of all sockets together. */
public final class NetCounters {
    /** Bytes in the rings of streams and in queues of messages. */
    public long memory;
    /** Files in messages under way. */
    public int inFlight;
    /** Bytes and messages over the loopback interface. */
    public long loopbackBytes;

    public long loopbackPackets;
    /** Connections made, and refused. */
    public long connects;

    public long refused;
    /** Messages dropped because the receiver's buffer was full. */
    public long dropped;
}
