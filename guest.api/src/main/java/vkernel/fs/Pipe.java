package vkernel.fs;

import java.util.ArrayList;
import java.util.List;
import vkernel.task.Task;
import vkernel.task.WaitQueue;

/** A pipe's buffer (pipe(7)). Plain data. */
public final class Pipe {
    public static final int CAPACITY = 65536;
    /** Most bytes in it: a power of two from {@link #ATOMIC} to 1 MiB (fcntl(2) F_SETPIPE_SZ). */
    public int capacity = CAPACITY;
    /** Writes up to this size are not mixed with others (PIPE_BUF). */
    public static final int ATOMIC = 4096;

    /** Ring buffer; its length is a power of two and grows up to {@link #capacity}. */
    public byte[] buffer = {};
    /** Index of the first byte; 0 when there is none. */
    public int head;
    /** Bytes in it. */
    public int count;

    public int readers;
    public int writers;
    /** Opens so far, so that the open of a FIFO sees a peer that came and went. */
    public long readerOpens;

    public long writerOpens;
    public final WaitQueue forData = new WaitQueue();
    public final WaitQueue forRoom = new WaitQueue();
    /** Opens of a FIFO that wait for the other end. */
    public final WaitQueue forPeer = new WaitQueue();
    /** Opens that count as readers or writers already and wait for the other end. */
    public final List<Opening> opening = new ArrayList<>(0);

    /** What counts against {@link #capacity}: its bytes, and what was read of the first one's page already. */
    public int used() {
        return count + (head & ATOMIC - 1);
    }

    /** Bytes that can be written; a page has room again when all of it has been read. */
    public int room() {
        return Math.max(0, capacity - used());
    }

    /**
     * An open(2) of a FIFO under way.
     *
     * @param ticket {@link vkernel.task.Restart#ticket} of the wait
     * @param write for writing, else for reading
     * @param seen opens of the other end when the wait began
     */
    public record Opening(Task task, long ticket, boolean write, long seen) {}
}
