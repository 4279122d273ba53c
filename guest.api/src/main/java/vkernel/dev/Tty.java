package vkernel.dev;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import vkernel.task.Session;
import vkernel.task.WaitQueue;

/** A terminal (Linux: struct tty_struct). Plain data. */
public final class Tty {
    /** Name of its node in /dev. */
    public final String name;
    /** Name of the host channel at its other end; of a pseudo-terminal its name. */
    public final String channel;

    public final long rdev;
    public final Termios termios = new Termios();
    /** Where it has bits, {@link #termios} stays as it is. */
    public final Termios locks = Termios.noLocks();

    public int rows;
    public int columns;
    /** The session that it controls; null for none. */
    public @Nullable Session session;
    /** Foreground process group; 0 for none. */
    public int foreground;

    /** Input that can be read: whole lines in canonical mode. */
    public final ByteRing input = new ByteRing(4096);
    /** The line being edited. */
    public final ByteRing line = new ByteRing(4096);
    /** Output not yet taken by the host. */
    public final ByteRing output = new ByteRing(16384);
    /** Canonical mode: bytes of each line in {@link #input}, its end included; 0 for an end of file (^D). */
    public final ArrayDeque<Integer> lines = new ArrayDeque<>();
    /** Column of the cursor, for tabs and erasing. */
    public int column;
    /** Column where the line being edited began. */
    public int lineColumn;
    /** When input last came, monotonic nanoseconds (VTIME). */
    public long lastInput;
    /** Output stopped by ^S. */
    public boolean stopped;
    /** The next character is taken literally (^V). */
    public boolean literal;
    /** Open files. */
    public int opens;
    /** No more input comes. */
    public boolean ended;
    /** A reader has been told so. */
    public boolean endRead;
    /** The other end has gone. */
    public boolean hungUp;
    /** What it is the terminal of; null for one at a host channel. */
    public @Nullable Pty pty;

    public final WaitQueue forInput = new WaitQueue();
    public final WaitQueue forOutput = new WaitQueue();

    public Tty(String name, String channel, long rdev) {
        this.name = name;
        this.channel = channel;
        this.rdev = rdev;
    }
}
