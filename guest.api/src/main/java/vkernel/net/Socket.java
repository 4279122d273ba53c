package vkernel.net;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.task.WaitQueue;

/** One end of a conversation (Linux: struct sock). Plain data; {@link OpenFile#data} of its file. */
public abstract sealed class Socket permits UnixSocket, InetSocket, NetlinkSocket {
    public static final int AF_UNSPEC = 0;
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;

    public static final int STREAM = 1;
    public static final int DGRAM = 2;
    public static final int RAW = 3;
    public static final int SEQPACKET = 5;

    /** Bits of {@link #shutdown}. */
    public static final int RECEIVE = 1;

    public static final int SEND = 2;
    public static final int BOTH = RECEIVE | SEND;

    /** Bytes of a buffer at first and at most (net.core.wmem_default, wmem_max). */
    public static final int BUFFER = 212_992;

    public static final int LEAST_BUFFER = 4608;
    public static final int MOST_BUFFER = 2 * BUFFER;

    /** Where a conversation stands, with the numbers of TCP (include/net/tcp_states.h). */
    public enum State {
        ESTABLISHED(1),
        SYN_SENT(2),
        FIN_WAIT1(4),
        FIN_WAIT2(5),
        TIME_WAIT(6),
        CLOSE(7),
        CLOSE_WAIT(8),
        LAST_ACK(9),
        LISTEN(10);

        public final int number;

        State(int number) {
            this.number = number;
        }
    }

    public final int family;
    public final int type;
    public final int protocol;
    /** Null for one that waits to be accepted, and when it has been closed. */
    public @Nullable OpenFile file;

    public State state = State.CLOSE;
    /** Directions that are shut: {@link #RECEIVE}, {@link #SEND}. */
    public int shutdown;
    /** A positive error number to be told once (SO_ERROR); 0 for none. */
    public int error;
    /** No descriptor leads here any more. */
    public boolean dead;

    /** Bytes of a stream to be received; null for sockets of messages. */
    public final @Nullable StreamBuffer stream;
    /** Messages to be received. */
    public final ArrayDeque<Datagram> messages = new ArrayDeque<>(0);
    /** Bytes in {@link #messages}, with what each costs beside its bytes. */
    public int queued;
    /** Bytes sent that a receiver still has, likewise. */
    public int sent;

    /** Connections to be accepted, and how many may wait. */
    public final ArrayDeque<Socket> pending = new ArrayDeque<>(0);

    public int backlog;

    public final WaitQueue forInput = new WaitQueue();
    public final WaitQueue forOutput = new WaitQueue();
    /** Somebody found no room to send: tell {@link #forOutput} when there is some again. */
    public boolean noSpace;

    // options of socket(7)
    /** As SO_SNDBUF and SO_RCVBUF give them: twice what was asked for. */
    public int sendBuffer = BUFFER;

    public int receiveBuffer = BUFFER;
    /** Whether the program has set them. */
    public boolean sendBufferSet;

    public boolean receiveBufferSet;
    /** Nanoseconds; 0 for no limit. */
    public long sendTimeout;

    public long receiveTimeout;
    public int lowWater = 1;
    public boolean reuseAddress;
    public boolean reusePort;
    public boolean broadcast;
    public boolean passCredentials;
    public boolean timestamps;
    /** Seconds; -1 for off. */
    public int linger = -1;
    /** Options that are kept and given back, and change nothing here: {@code level << 16 | name} to value. */
    public final Map<Integer, Integer> options = new HashMap<>(0);

    /** Who made it. */
    public Ucred owner = Ucred.NOBODY;
    /** The peer when the connection was made (SO_PEERCRED). */
    public Ucred peerCredentials = Ucred.NOBODY;

    Socket(int family, int type, int protocol, @Nullable StreamBuffer stream) {
        this.family = family;
        this.type = type;
        this.protocol = protocol;
        this.stream = stream;
    }

    /** Whether connections are made with it, rather than single messages sent. */
    public boolean connected() {
        return type == STREAM || type == SEQPACKET;
    }

    /** The bytes of a socket that is a stream. */
    public StreamBuffer stream() {
        if (stream == null) {
            throw new IllegalStateException("no stream");
        }
        return stream;
    }

    public boolean shut(int direction) {
        return (shutdown & direction) != 0;
    }

    /** Takes the error that is to be told. @return negative error number, or 0 */
    public long takeError() {
        int now = error;
        error = 0;
        return -now;
    }

    /** Inode number as /proc/net shows it; 0 without a file. */
    public long inode() {
        OpenFile now = file;
        return now == null ? 0 : now.inode().ino;
    }
}
