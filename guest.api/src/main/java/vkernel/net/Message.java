package vkernel.net;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;

/** What sendmsg(2) and recvmsg(2) say and are told (Linux: struct msghdr). Used again for each call. */
public final class Message {
    public static final int OOB = 1;
    public static final int PEEK = 2;
    public static final int DONTROUTE = 4;
    public static final int CTRUNC = 8;
    public static final int TRUNC = 0x20;
    public static final int DONTWAIT = 0x40;
    public static final int EOR = 0x80;
    public static final int WAITALL = 0x100;
    public static final int ERRQUEUE = 0x2000;
    public static final int NOSIGNAL = 0x4000;
    public static final int MORE = 0x8000;
    public static final int CMSG_CLOEXEC = 0x4000_0000;

    /** Asked for: the bits above. */
    public int flags;
    /** Told by receive: TRUNC, EOR. */
    public int news;
    /** In: where to; null for the peer. Out: where from; null for nowhere. */
    public @Nullable SocketAddress address;
    /** Out: where it was sent to; null when that is not known. */
    public @Nullable SocketAddress to;
    /** Files that go with it; a reference of each goes along. In the kernel's hands once the call has succeeded. */
    public List<OpenFile> files = List.of();
    /** In: as whom it is sent; null for the task itself. Out: who sent it; null when it was not asked for. */
    public @Nullable Ucred sender;
    /** In: how many hops it may pass, -1 for as many as the socket says. Out: how many are left, -1 for not known. */
    public int hops;
    /** In: how it is to be treated on its way, -1 as the socket says. Out: likewise, -1 for not known. */
    public int trafficClass;
    /** Out: when it came, nanoseconds since 1970; 0 for not known. */
    public long time;

    private @Nullable IoBuffer data;

    /** Begins anew. @param data what is sent, or where to; behind what {@code Restart.done} says has been moved */
    public Message with(IoBuffer data, int flags) {
        this.data = data;
        this.flags = flags;
        news = 0;
        address = null;
        to = null;
        files = List.of();
        sender = null;
        hops = -1;
        trafficClass = -1;
        time = 0;
        return this;
    }

    public IoBuffer data() {
        if (data == null) {
            throw new IllegalStateException("no data");
        }
        return data;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
