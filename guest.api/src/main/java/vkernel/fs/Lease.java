package vkernel.fs;

import vkernel.task.WaitQueue;

/**
 * Who has a file leased (fcntl(2) F_SETLEASE): its holder is told before others open the file in a way that conflicts, and has
 * some time to give it up. Plain data.
 */
public final class Lease {
    /** Nobody asks. */
    public static final long NEVER = Long.MAX_VALUE;

    public final OpenFile file;
    /** The descriptor by which it was taken, which SIGIO tells. */
    public int fd;
    /** Whether nobody else may have the file open at all; else nobody may have it open for writing. */
    public boolean exclusive;
    /** Until when it must be a lease for reading only, monotonic nanoseconds; {@link #NEVER} if nobody asks for that. */
    public long downgradeBy = NEVER;
    /** Until when it must be gone; likewise. */
    public long goneBy = NEVER;
    /** Who waits for that. */
    public final WaitQueue waiters = new WaitQueue();

    public Lease(OpenFile file, int fd, boolean exclusive) {
        this.file = file;
        this.fd = fd;
        this.exclusive = exclusive;
    }

    /** Whether somebody asks for a change. */
    public boolean breaking() {
        return goneBy != NEVER || downgradeBy != NEVER;
    }
}
