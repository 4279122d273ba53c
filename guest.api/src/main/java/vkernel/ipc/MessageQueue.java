package vkernel.ipc;

import java.util.ArrayList;
import java.util.List;
import vkernel.task.WaitQueue;

/** Messages with a type (msgget(2)). */
public final class MessageQueue extends IpcObject {
    public final List<Message> messages = new ArrayList<>();
    /** Bytes of all messages, and most there may be. */
    public long bytes;

    public long maxBytes;
    /** Seconds since 1970, and processes, of the last msgsnd and msgrcv; 0 for never. */
    public long sent;

    public long received;
    public int sender;
    public int receiver;
    public final WaitQueue forMessage = new WaitQueue();
    public final WaitQueue forRoom = new WaitQueue();

    public MessageQueue(int key, int id, int uid, int gid, int mode, long maxBytes) {
        super(key, id, uid, gid, mode);
        this.maxBytes = maxBytes;
    }

    public record Message(long type, byte[] text) {}
}
