package vkernel.ipc;

import vkernel.vm.PageCache;

/** Shared memory (shmget(2)). It is attached as often as its pages are mapped. */
public final class Segment extends IpcObject {
    public final PageCache pages;
    /** Bytes. */
    public final long size;

    public final int creator;
    /** Process of the last shmat or shmdt. */
    public int last;
    /** Seconds since 1970; 0 for never. */
    public long attached;

    public long detached;

    public Segment(int key, int id, int uid, int gid, int mode, PageCache pages, long size, int creator) {
        super(key, id, uid, gid, mode);
        this.pages = pages;
        this.size = size;
        this.creator = creator;
    }
}
