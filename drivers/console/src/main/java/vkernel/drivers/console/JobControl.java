package vkernel.drivers.console;

import org.jspecify.annotations.Nullable;
import vkernel.dev.Tty;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Who may use a terminal: sessions and process groups (credentials(7), tty_ioctl(4); tty_jobctrl.c). */
final class JobControl {
    private final Kernel kernel;

    JobControl(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Stops a background group that wants the terminal.
     *
     * @param signal SIGTTIN for a read, SIGTTOU for a change
     * @return 0 when the task may go on, BLOCKED when its group was signalled, or -EIO
     */
    long check(Task task, Tty tty, int signal) {
        int group = task.process.pgid;
        if (!controls(tty, task) || tty.foreground <= 0 || tty.foreground == group) {
            return 0;
        }
        if (ignores(task, signal)) {
            return signal == Signal.SIGTTIN ? -Errno.EIO : 0;
        }
        if (orphaned(group)) {
            return -Errno.EIO;
        }
        kernel.signalGroup(group, SigInfo.kernel(signal));
        // the signal is pending: it stops the task, or interrupts the call, before this wait begins
        task.waitOn(tty.forInput);
        return Kernel.BLOCKED;
    }

    static boolean controls(Tty tty, Task task) {
        return task.process.session.tty == tty;
    }

    private static boolean ignores(Task task, int signal) {
        return (task.sigMask & Signal.bit(signal)) != 0
                || task.handlers.get(signal).handler() == SigAction.IGNORE;
    }

    /** Whether no member has a parent in another group of the session, who could continue it. */
    private boolean orphaned(int group) {
        for (Process member : kernel.processes().group(group)) {
            Process parent = member.parent;
            if (parent != null
                    && !member.zombie
                    && parent.pid != 1
                    && parent.pgid != group
                    && parent.session == member.session) {
                return false;
            }
        }
        return true;
    }

    /** The terminal of an open by a session leader that has none. */
    static void acquire(Task task, Tty tty) {
        Process process = task.process;
        if (process.pid == process.session.sid && process.session.tty == null && tty.session == null) {
            set(tty, process);
        }
    }

    private static void set(Tty tty, Process leader) {
        tty.session = leader.session;
        tty.foreground = leader.pgid;
        leader.session.tty = tty;
    }

    /** Ends the bond between a terminal and its session. */
    static void release(Tty tty) {
        Session session = tty.session;
        if (session != null && session.tty == tty) {
            session.tty = null;
        }
        tty.session = null;
        tty.foreground = 0;
    }

    /** TIOCSCTTY. @param steal 1: root takes it from another session */
    long take(Task task, Tty tty, boolean readable, long steal) {
        Process process = task.process;
        boolean leader = process.pid == process.session.sid;
        if (leader && tty.session == process.session) {
            return 0;
        }
        if (!leader || process.session.tty != null) {
            return -Errno.EPERM;
        }
        boolean allowed = task.credentials.can(Credentials.CAP_SYS_ADMIN);
        if (tty.session != null) {
            if (steal != 1 || !allowed) {
                return -Errno.EPERM;
            }
            release(tty);
        }
        if (!readable && !allowed) {
            return -Errno.EPERM;
        }
        set(tty, process);
        return 0;
    }

    /** TIOCNOTTY. For a process that leads no session nothing changes: the terminal belongs to sessions here. */
    long giveUp(Task task, Tty tty) {
        if (!controls(tty, task)) {
            return -Errno.ENOTTY;
        }
        if (task.process.pid == task.process.session.sid) {
            int group = tty.foreground;
            release(tty);
            if (group > 0) {
                kernel.signalGroup(group, SigInfo.kernel(Signal.SIGHUP));
                kernel.signalGroup(group, SigInfo.kernel(Signal.SIGCONT));
            }
        }
        return 0;
    }

    /** TIOCSPGRP. */
    long foreground(Task task, Tty tty, @Nullable Integer group) {
        long allowed = check(task, tty, Signal.SIGTTOU);
        if (allowed != 0) {
            return allowed == -Errno.EIO ? -Errno.ENOTTY : allowed;
        }
        if (!controls(tty, task) || tty.session != task.process.session) {
            return -Errno.ENOTTY;
        }
        if (group == null) {
            return -Errno.EFAULT;
        }
        if (group < 0) {
            return -Errno.EINVAL;
        }
        var members = kernel.processes().group(group);
        if (members.isEmpty()) {
            return -Errno.ESRCH;
        }
        if (members.getFirst().session != task.process.session) {
            return -Errno.EPERM;
        }
        tty.foreground = group;
        return 0;
    }
}
