package vkernel.dev;

import vkernel.task.WaitQueue;

/**
 * A pseudo-terminal (pty(7)): a terminal whose other end is a program, the one that opened /dev/ptmx. What that program
 * reads is the terminal's {@link Tty#output}. Plain data.
 */
public final class Pty {
    /** Its name in /dev/pts. */
    public final int index;

    public final Tty tty;
    /** Who opened the master, and when, nanoseconds since 1970. */
    public final int uid;

    public final int gid;
    public final long made;

    /** What was written to the master and the terminal has no room for yet. */
    public final ByteRing keys = new ByteRing(4096);
    /** Readers of the master. */
    public final WaitQueue forOutput = new WaitQueue();
    /** Writers of the master. */
    public final WaitQueue forRoom = new WaitQueue();

    /** The terminal cannot be opened yet (unlockpt(3)). */
    public boolean locked = true;
    /** The master has been closed. */
    public boolean masterGone;
    /** The terminal was open and no longer is. */
    public boolean slaveGone;
    /** TIOCPKT: each read begins with a byte that says what has happened. */
    public boolean packets;
    /** TIOCPKT_* bits that the master has not been told of. */
    public int news;

    public Pty(int index, Tty tty, int uid, int gid, long made) {
        this.index = index;
        this.tty = tty;
        this.uid = uid;
        this.gid = gid;
        this.made = made;
    }
}
