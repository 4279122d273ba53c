package vkernel.ipc;

/** What every System V object has (struct ipc_perm): key, owner, mode. */
public abstract sealed class IpcObject permits Segment, SemaphoreSet, MessageQueue {
    /** IPC_PRIVATE 0 for none. */
    public int key;

    /** Names it; is not used again soon after it has gone. */
    public final int id;

    public int uid;
    public int gid;
    public final int creatorUid;
    public final int creatorGid;
    /** Permission bits. */
    public int mode;
    /** Last change, seconds since 1970. */
    public long changed;

    /** No longer there: whoever still waits for it is told. */
    public boolean removed;

    protected IpcObject(int key, int id, int uid, int gid, int mode) {
        this.key = key;
        this.id = id;
        this.uid = creatorUid = uid;
        this.gid = creatorGid = gid;
        this.mode = mode;
    }
}
