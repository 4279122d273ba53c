package vkernel.drivers.console;

import org.jspecify.annotations.Nullable;
import vkernel.dev.Termios;
import vkernel.dev.Tty;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.host.Channel;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** A terminal at a host channel (Linux: tty_io.c): moves characters, knows the window's size, and hangs up. */
final class TtyPort extends Port implements End {
    final Tty tty;
    final LineDiscipline discipline;
    private final JobControl jobs;
    private final TtyReader reader;
    private final byte[] chunk = new byte[4096];
    /** Text of a program on its way through output processing. */
    private final byte[] text = new byte[256];
    /** The window as the channel told last; the guest may have set another size. */
    private int rows;

    private int columns;

    TtyPort(Kernel kernel, Channel channel, Tty tty) {
        super(kernel, channel);
        this.tty = tty;
        discipline = new LineDiscipline(kernel);
        jobs = new JobControl(kernel);
        reader = new TtyReader(kernel, jobs);
        rows = channel.rows();
        columns = channel.columns();
        if (tty.rows == 0 && tty.columns == 0) {
            tty.rows = rows;
            tty.columns = columns;
        }
    }

    @Override
    void receive() {
        window();
        while (!tty.ended && LineDiscipline.room(tty)) {
            int room = Math.max(1, tty.input.room() - tty.line.count() - 1);
            int n = channel.read(chunk, 0, Math.min(chunk.length, room));
            if (n <= 0) {
                if (n < 0) {
                    endOfInput();
                }
                break;
            }
            tty.lastInput = kernel.now();
            for (int i = 0; i < n; i++) {
                discipline.receive(tty, chunk[i]);
            }
        }
        transmit();
    }

    /** The line went dead; what was typed before can still be read. */
    private void endOfInput() {
        tty.ended = true;
        if (!tty.line.isEmpty()) {
            discipline.complete(tty);
        }
        kernel.wake(tty.forInput);
    }

    /**
     * A reader found nothing behind the end of input. The first one takes it for the end of a file, as of ^D, so that a
     * shell whose input was piped in ends by itself; one that asks again is told that the terminal has gone.
     */
    private void readAtEnd() {
        if (tty.endRead && !tty.hungUp) {
            hangUp();
        }
        tty.endRead = true;
    }

    void hangUp() {
        tty.hungUp = true;
        var session = tty.session;
        Process leader = session == null ? null : kernel.processes().process(session.sid);
        JobControl.release(tty);
        if (leader != null) {
            kernel.signal(leader, SigInfo.kernel(Signal.SIGHUP));
            kernel.signal(leader, SigInfo.kernel(Signal.SIGCONT));
        }
        kernel.wake(tty.forInput);
        kernel.wake(tty.forOutput);
    }

    private void window() {
        if (channel.rows() != rows || channel.columns() != columns) {
            rows = channel.rows();
            columns = channel.columns();
            resize(rows, columns);
        }
    }

    /** A new window size: the foreground group is told. */
    void resize(int newRows, int newColumns) {
        if (tty.rows != newRows || tty.columns != newColumns) {
            tty.rows = newRows;
            tty.columns = newColumns;
            if (tty.foreground > 0) {
                kernel.signalGroup(tty.foreground, SigInfo.kernel(Signal.SIGWINCH));
            }
        }
    }

    @Override
    void transmit() {
        if (!tty.stopped) {
            force();
        }
    }

    /** Sends even what ^S holds back. */
    void force() {
        boolean sent = false;
        while (!tty.output.isEmpty()) {
            int want = tty.output.peek(chunk, 0, chunk.length);
            int n = channel.write(chunk, 0, want);
            // a terminal that has gone takes everything
            tty.output.drop(n < 0 ? want : n);
            sent |= n != 0;
            if (n >= 0 && n < want) {
                break;
            }
        }
        if (sent && (tty.output.isEmpty() || Output.room(tty))) {
            kernel.wake(tty.forOutput);
        }
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to) {
        receive();
        boolean nothing = tty.input.isEmpty() && tty.lines.isEmpty();
        long result = reader.read(task, file, tty, to);
        if (result == 0 && nothing && tty.ended) {
            readAtEnd();
        }
        receive();
        return result;
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from) {
        if ((tty.termios.local & Termios.TOSTOP) != 0) {
            long allowed = jobs.check(task, tty, Signal.SIGTTOU);
            if (allowed != 0) {
                return allowed;
            }
        }
        if (tty.hungUp) {
            return -Errno.EIO;
        }
        long done = 0;
        while (from.remaining() > 0) {
            int n = from.get(text, 0, (int) Math.min(text.length, from.remaining()));
            int taken = process(n);
            from.back(n - taken);
            done += taken;
            if (taken == 0) {
                break;
            }
        }
        transmit();
        return done > 0 ? done : nothingWritten(task, file, from, tty.forOutput);
    }

    /** Processes the first {@code n} characters of the text. @return how many there was room for */
    private int process(int n) {
        for (int i = 0; i < n; i++) {
            if (!Output.room(tty)) {
                transmit();
                if (!Output.room(tty)) {
                    return i;
                }
            }
            Output.put(tty, text[i]);
        }
        return n;
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        receive();
        if (waiter != null) {
            waiter.waitOn(tty.forInput);
            waiter.waitOn(tty.forOutput);
        }
        if (tty.hungUp) {
            return Mode.POLLIN | Mode.POLLOUT | Mode.POLLERR | Mode.POLLHUP | Mode.POLLRDNORM | Mode.POLLWRNORM;
        }
        int events = TtyReader.available(tty) || tty.ended ? Mode.POLLIN | Mode.POLLRDNORM : 0;
        return events | (Output.room(tty) && !tty.stopped ? Mode.POLLOUT | Mode.POLLWRNORM : 0);
    }

    @Override
    boolean drained() {
        transmit();
        // what nobody reads at a master keeps no kernel from ending
        return tty.pty != null || tty.output.isEmpty() && channel.drained();
    }

    @Override
    boolean idle() {
        return tty.opens == 0 && tty.session == null && tty.output.isEmpty();
    }
}
