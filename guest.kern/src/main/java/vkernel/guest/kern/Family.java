package vkernel.guest.kern;

import java.util.List;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/**
 * What the end of a process means to its parent, its children, its session and its group (Linux: kernel/exit.c,
 * exit_notify and below). Kernel lock held.
 */
final class Family {
    private final EventKernel kernel;
    private final ProcessTable table;

    Family(EventKernel kernel) {
        this.kernel = kernel;
        this.table = kernel.processes;
    }

    /** @return whether the parent is to wait for it */
    boolean tellParent(Process process, Process parent, Task last) {
        Task parentTask = parent.leader();
        if (parentTask == null) {
            return false;
        }
        SigAction action = parentTask.handlers.get(Signal.SIGCHLD);
        boolean unwanted = process.exitSignal == Signal.SIGCHLD
                && (action.handler() == SigAction.IGNORE || action.has(SigAction.SA_NOCLDWAIT));
        // clone(2) takes any number for it; what is no signal is not sent.
        if (process.exitSignal > 0 && process.exitSignal <= Signal.MAX) {
            int signal = process.exitStatus & 0x7f;
            int code = signal == 0 ? SigInfo.CLD_EXITED : SigInfo.CLD_KILLED;
            int status = signal == 0 ? process.exitStatus >>> 8 & 0xff : signal;
            kernel.signals.send(
                    parent, new SigInfo(process.exitSignal, code, process.pid, last.credentials.uid(), status, 0));
        }
        kernel.wake(parent.childNews);
        return !unwanted;
    }

    void giveAwayChildren(Process process) {
        Process heir = heir(process);
        for (Process child : List.copyOf(process.children)) {
            process.children.remove(child);
            child.parent = heir;
            child.exitSignal = Signal.SIGCHLD;
            heir.children.add(child);
            if (child.parentDeathSignal != 0) {
                kernel.signals.send(child, SigInfo.user(child.parentDeathSignal, process.pid, 0));
            }
            if (child.zombie) {
                Task heirTask = heir.leader();
                if (heirTask == null) {
                    reap(child);
                } else {
                    kernel.signals.send(heir, new SigInfo(Signal.SIGCHLD, SigInfo.CLD_EXITED, child.pid, 0, 0, 0));
                    kernel.wake(heir.childNews);
                }
            }
        }
    }

    /** The nearest living subreaper above, or process 1. */
    private Process heir(Process process) {
        for (Process p = process.parent; p != null; p = p.parent) {
            if (p.childSubreaper && !p.zombie) {
                return p;
            }
        }
        return kernel.first();
    }

    /** A session leader's end takes the terminal away from its session (exit(2), setsid(2)). */
    void endSession(Process process) {
        if (process.session.sid != process.pid || process.session.tty == null) {
            return;
        }
        var tty = process.session.tty;
        if (tty.session == process.session) {
            int foreground = tty.foreground;
            tty.session = null;
            tty.foreground = 0;
            if (foreground != 0) {
                kernel.signals.sendGroup(foreground, SigInfo.kernel(Signal.SIGHUP));
                kernel.signals.sendGroup(foreground, SigInfo.kernel(Signal.SIGCONT));
            }
            kernel.wake(tty.forInput);
        }
        process.session.tty = null;
    }

    /**
     * Stopped jobs that nobody can continue any more get SIGHUP and SIGCONT (setpgid(2), orphaned groups): that of a
     * process that ends, and those of its children, where this parent was what kept them from being orphaned.
     */
    void orphanedBy(Process process, Process parent) {
        if (parent.pgid == process.pgid || parent.session != process.session || !orphanedGroup(process.pgid)) {
            return;
        }
        boolean stopped = table.group(process.pgid).stream().anyMatch(member -> member.stopSignal != 0);
        if (stopped) {
            kernel.signals.sendGroup(process.pgid, SigInfo.kernel(Signal.SIGHUP));
            kernel.signals.sendGroup(process.pgid, SigInfo.kernel(Signal.SIGCONT));
        }
    }

    /** Whether no member that lives has a parent in the same session but another group. */
    boolean orphanedGroup(int pgid) {
        for (Process member : table.group(pgid)) {
            Process parent = member.parent;
            if (!member.zombie
                    && parent != null
                    && parent.pid != 1
                    && parent.session == member.session
                    && parent.pgid != pgid) {
                return false;
            }
        }
        return true;
    }

    void reap(Process zombie) {
        Process parent = zombie.parent;
        if (parent != null) {
            parent.children.remove(zombie);
            parent.childrenUserTime += zombie.userTime + zombie.childrenUserTime;
            parent.childrenSystemTime += zombie.systemTime + zombie.childrenSystemTime;
            parent.childrenPeakPages =
                    Math.max(parent.childrenPeakPages, Math.max(zombie.peakPages, zombie.childrenPeakPages));
        }
        table.remove(zombie);
        for (Task thread : zombie.threads) {
            table.remove(thread);
        }
    }
}
