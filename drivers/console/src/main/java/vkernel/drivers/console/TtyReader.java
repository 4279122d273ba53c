package vkernel.drivers.console;

import static vkernel.dev.Termios.*;

import java.util.concurrent.TimeUnit;
import vkernel.dev.Tty;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Signal;
import vkernel.task.Task;

/** What a read of a terminal gets, and when (termios(3); n_tty.c: n_tty_read). */
final class TtyReader {
    private final Kernel kernel;
    private final JobControl jobs;
    private final byte[] chunk = new byte[4096];

    TtyReader(Kernel kernel, JobControl jobs) {
        this.kernel = kernel;
        this.jobs = jobs;
    }

    /** Whether poll(2) says that there is input. */
    static boolean available(Tty tty) {
        if (canonical(tty)) {
            return !tty.lines.isEmpty();
        }
        int min = tty.termios.chars[VMIN] & 0xff;
        return tty.input.count() >= (tty.termios.chars[VTIME] == 0 && min > 0 ? min : 1);
    }

    long read(Task task, OpenFile file, Tty tty, IoBuffer to) {
        long allowed = jobs.check(task, tty, Signal.SIGTTIN);
        if (allowed != 0) {
            return allowed;
        }
        if (to.remaining() == 0) {
            return 0;
        }
        boolean ready = canonical(tty) ? !tty.lines.isEmpty() : enough(task, tty, to.remaining());
        if (ready || tty.ended) {
            return canonical(tty) ? line(tty, to) : characters(tty, to, tty.input.count());
        }
        if (file.nonblocking()) {
            return tty.input.isEmpty() || canonical(tty) ? -Errno.EAGAIN : characters(tty, to, tty.input.count());
        }
        task.waitOn(tty.forInput);
        return Kernel.BLOCKED;
    }

    /** One line at most; 0 for an end of file. */
    private long line(Tty tty, IoBuffer to) {
        if (tty.lines.isEmpty()) {
            return 0;
        }
        int length = tty.lines.removeFirst();
        long moved = length == 0 ? 0 : characters(tty, to, length);
        int left = length - (int) Math.max(0, moved);
        if (left > 0) {
            tty.lines.addFirst(left);
        }
        return moved;
    }

    private long characters(Tty tty, IoBuffer to, int most) {
        int n = tty.input.peek(chunk, 0, (int) Math.min(Math.min(most, chunk.length), to.remaining()));
        int moved = to.put(chunk, 0, n);
        tty.input.drop(moved);
        return moved == 0 && to.faulted() ? -Errno.EFAULT : moved;
    }

    /** Whether a read without line editing is complete; sets the deadline at which it is asked again. */
    private boolean enough(Task task, Tty tty, long wanted) {
        int min = tty.termios.chars[VMIN] & 0xff;
        long time = TimeUnit.MILLISECONDS.toNanos(100L * (tty.termios.chars[VTIME] & 0xff));
        int there = tty.input.count();
        if (there > 0 && there >= Math.min(min, wanted)) {
            return true;
        }
        if (min == 0 && time == 0) {
            return true;
        }
        // with MIN the timer runs between characters, without from the start of the read
        return time > 0 && (min == 0 || there > 0) && expired(task, min == 0 ? 0 : tty.lastInput + time, time);
    }

    private boolean expired(Task task, long least, long time) {
        long now = kernel.now();
        boolean first = task.restart.deadline == Long.MAX_VALUE;
        long deadline = Math.max(first ? now + time : task.restart.deadline, least);
        task.restart.deadline = deadline;
        return now >= deadline;
    }

    private static boolean canonical(Tty tty) {
        return (tty.termios.local & ICANON) != 0;
    }
}
