package vkernel.drivers.console;

import org.jspecify.annotations.Nullable;
import vkernel.dev.Pty;
import vkernel.dev.Tty;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** The master of a pseudo-terminal (pty(7); Linux: pty.c): what is written to it is typed, what is read was printed. */
final class PtyMaster implements End {
    /** TIOCPKT: the byte before data, and what else has happened (tty_ioctl(4)). */
    static final int PACKET_DATA = 0, FLUSH_READ = 1, FLUSH_WRITE = 2;

    final Pty pty;
    final TtyPort port;
    private final Kernel kernel;
    private final byte[] chunk = new byte[4096];

    PtyMaster(Kernel kernel, Pty pty, TtyPort port) {
        this.kernel = kernel;
        this.pty = pty;
        this.port = port;
    }

    /** Tells a master in packet mode what has happened to its terminal. */
    static void note(Tty tty, int what) {
        Pty pty = tty.pty;
        if (pty != null && pty.packets) {
            pty.news |= what;
        }
    }

    private boolean readable() {
        return pty.news != 0 || !pty.tty.output.isEmpty() && !pty.tty.stopped;
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to) {
        if (to.remaining() == 0) {
            return 0;
        }
        if (readable()) {
            return pty.news != 0 ? news(to) : output(to);
        }
        if (pty.slaveGone) {
            return -Errno.EIO;
        }
        if (file.nonblocking()) {
            return -Errno.EAGAIN;
        }
        task.waitOn(pty.forOutput);
        return Kernel.BLOCKED;
    }

    private long news(IoBuffer to) {
        chunk[0] = (byte) pty.news;
        if (to.put(chunk, 0, 1) == 0) {
            return -Errno.EFAULT;
        }
        pty.news = 0;
        return 1;
    }

    private long output(IoBuffer to) {
        int head = 0;
        if (pty.packets) {
            chunk[0] = PACKET_DATA;
            head = to.put(chunk, 0, 1);
        }
        int n = pty.tty.output.peek(chunk, 0, (int) Math.min(chunk.length, to.remaining()));
        int moved = to.put(chunk, 0, n);
        pty.tty.output.drop(moved);
        if (moved > 0 && Output.room(pty.tty)) {
            kernel.wake(pty.tty.forOutput);
        }
        return head + moved == 0 && to.faulted() ? -Errno.EFAULT : head + moved;
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from) {
        long done = 0;
        while (from.remaining() > 0 && pty.keys.room() > 0) {
            int n = from.get(chunk, 0, (int) Math.min(Math.min(chunk.length, pty.keys.room()), from.remaining()));
            if (n == 0) {
                break;
            }
            pty.keys.add(chunk, 0, n);
            done += n;
            port.service();
        }
        return done > 0 ? done : Port.nothingWritten(task, file, from, pty.forRoom);
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        if (waiter != null) {
            waiter.waitOn(pty.forOutput);
            waiter.waitOn(pty.forRoom);
        }
        int events = readable() ? Mode.POLLIN | Mode.POLLRDNORM : 0;
        events |= pty.news != 0 ? Mode.POLLPRI : 0;
        events |= pty.slaveGone ? Mode.POLLHUP : 0;
        return events | (pty.keys.room() > 0 ? Mode.POLLOUT | Mode.POLLWRNORM : 0);
    }

    /** The last descriptor of the master has gone: for the terminal's programs the line is dead. */
    void close() {
        pty.masterGone = true;
        pty.tty.ended = true;
        LineDiscipline.flushInput(pty.tty);
        port.hangUp();
        port.force();
    }
}
