package vkernel.fs;

import vkernel.task.WaitQueue;

/** A pipe's buffer (pipe(7)). Plain data. */
public final class Pipe {
    public static final int CAPACITY = 65536;
    /** Writes up to this size are not mixed with others (PIPE_BUF). */
    public static final int ATOMIC = 4096;

    /** Ring buffer. */
    public byte[] buffer = new byte[CAPACITY];
    /** Index of the first byte. */
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
}
