package vkernel.fs;

import org.jspecify.annotations.Nullable;
import vkernel.task.WaitQueue;

/** A lock on a file: flock(2) belongs to an open file description, fcntl(2) F_SETLK to a process. */
public final class FileLock {
    /** The owner: an {@link OpenFile} (flock, OFD locks) or a {@link vkernel.fs.FdTable} (record locks). */
    public final Object owner;

    public final int pid;
    public boolean exclusive;
    public final boolean record;
    /** First byte; 0 for flock. */
    public long start;
    /** First byte behind; {@code Long.MAX_VALUE} for to the end. */
    public long end;
    /** Who waits for it to go. */
    public final WaitQueue waiters = new WaitQueue();

    public FileLock(Object owner, int pid, boolean exclusive, boolean record, long start, long end) {
        this.owner = owner;
        this.pid = pid;
        this.exclusive = exclusive;
        this.record = record;
        this.start = start;
        this.end = end;
    }

    public boolean overlaps(long from, long to) {
        return start < to && from < end;
    }

    /** Whether it stands against a request. */
    public boolean conflicts(@Nullable Object other, boolean wantExclusive, boolean forRecord, long from, long to) {
        return record == forRecord && owner != other && (exclusive || wantExclusive) && overlaps(from, to);
    }
}
