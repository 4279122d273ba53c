package vkernel.ipc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.task.Process;
import vkernel.task.WaitQueue;

/** A POSIX message queue (mq_overview(7)). */
public final class PosixQueue {
    public final String name;
    public final int uid;
    public final int gid;
    /** Permission bits. */
    public final int mode;

    public final long maxMessages;
    public final long maxSize;
    /** Open files; a queue without a name goes with the last one. */
    public int opens;

    public boolean unlinked;
    /** By priority, highest first, then by age. */
    public final List<Message> messages = new ArrayList<>();

    public final WaitQueue forMessage = new WaitQueue();
    public final WaitQueue forRoom = new WaitQueue();
    /** Who is told of the next message in an empty queue (mq_notify(2)); null for nobody. */
    public @Nullable Process notified;
    /** With this signal, or 0 for none at all. */
    public int signal;

    public long value;

    public PosixQueue(String name, int uid, int gid, int mode, long maxMessages, long maxSize) {
        this.name = name;
        this.uid = uid;
        this.gid = gid;
        this.mode = mode;
        this.maxMessages = maxMessages;
        this.maxSize = maxSize;
    }

    public record Message(int priority, byte[] text) {}
}
