package vkernel.drivers.console;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.dev.Pty;
import vkernel.dev.Termios;
import vkernel.dev.Tty;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** The pseudo-terminals there are (pts(4)). */
final class Ptys {
    static final long MASTER = Mode.device(5, 2);
    /** Major of /dev/pts/N. */
    private static final int MAJOR = 136;
    /** Most at a time (/proc/sys/kernel/pty/max). */
    static final int MAX = 1024;

    private final Kernel kernel;
    /** Soft: made anew by adopt(). */
    private final Map<Integer, PtyMaster> masters = new HashMap<>();

    private SortedMap<Integer, Pty> ptys = new TreeMap<>();

    Ptys(Kernel kernel) {
        this.kernel = kernel;
    }

    SortedMap<Integer, Pty> state() {
        return ptys;
    }

    /** Gives them up; nothing is served here any more. */
    void release() {
        masters.clear();
    }

    void adopt(SortedMap<Integer, Pty> next) {
        ptys = next;
        masters.clear();
    }

    /** Takes back one that a driver before this one has made. */
    void recover(Pty pty) {
        ptys.putIfAbsent(pty.index, pty);
    }

    static boolean terminal(long rdev) {
        return Mode.major(rdev) == MAJOR && Mode.minor(rdev) < MAX;
    }

    /** open(2) of /dev/ptmx: a new pseudo-terminal. */
    long make(Task task, OpenFile file) {
        int index = 0;
        while (ptys.containsKey(index)) {
            index++;
        }
        if (index >= MAX) {
            return -Errno.ENOSPC;
        }
        Tty tty = new Tty("pts/" + index, "pts/" + index, Mode.device(MAJOR, index));
        tty.termios.input &= ~Termios.IUTF8;
        tty.termios.control &= ~Termios.HUPCL;
        var who = task.credentials;
        Pty pty = new Pty(index, tty, who.fsuid(), who.fsgid(), kernel.realtime());
        tty.pty = pty;
        ptys.put(index, pty);
        file.data = pty;
        return 0;
    }

    /** open(2) of /dev/pts/N. @return the terminal, or null when it cannot be opened now */
    @Nullable
    Tty open(long rdev) {
        Pty pty = ptys.get(Mode.minor(rdev));
        if (pty == null || pty.locked || pty.masterGone) {
            return null;
        }
        pty.slaveGone = false;
        return pty.tty;
    }

    PtyMaster master(Pty pty) {
        return masters.computeIfAbsent(
                pty.index, i -> new PtyMaster(kernel, pty, new TtyPort(kernel, new PtyLink(kernel, pty), pty.tty)));
    }

    /** The master was closed. */
    void closed(Pty pty) {
        master(pty).close();
        forgetUnused(pty);
    }

    /** A file of the terminal was closed. */
    void closed(Pty pty, Tty tty) {
        if (tty.opens == 0) {
            pty.slaveGone = true;
            kernel.wake(pty.forOutput);
            forgetUnused(pty);
        }
    }

    private void forgetUnused(Pty pty) {
        if (pty.masterGone && pty.tty.opens == 0) {
            ptys.remove(pty.index);
            masters.remove(pty.index);
        }
    }
}
