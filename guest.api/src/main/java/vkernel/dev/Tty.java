package vkernel.dev;

import org.jspecify.annotations.Nullable;
import vkernel.task.Session;
import vkernel.task.WaitQueue;

/** A terminal (Linux: struct tty_struct). Plain data. */
public final class Tty {
    public final String name;
    public final long rdev;
    public final Termios termios = new Termios();
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
    /** Number of line ends (and ^D) in {@link #input}. */
    public int lines;
    /** Column of the cursor, for tabs and erasing. */
    public int column;
    /** Output stopped by ^S. */
    public boolean stopped;
    /** The next character is taken literally (^V). */
    public boolean literal;
    /** The other end has gone. */
    public boolean hungUp;

    public final WaitQueue forInput = new WaitQueue();
    public final WaitQueue forOutput = new WaitQueue();

    public Tty(String name, long rdev) {
        this.name = name;
        this.rdev = rdev;
    }
}
