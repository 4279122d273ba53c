package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.ECHILD;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ESRCH;
import static vkernel.kern.Kernel.BLOCKED;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.poll.PidFds;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** wait4(2), waitid(2). */
public final class WaitCalls implements CallGroup {
    private static final int WNOHANG = 1;
    private static final int WSTOPPED = 2;
    private static final int WEXITED = 4;
    private static final int WCONTINUED = 8;
    private static final int WNOWAIT = 0x0100_0000;
    private static final int WNOTHREAD = 0x2000_0000;
    private static final int WALL = 0x4000_0000;
    private static final int WCLONE = 0x8000_0000;
    private static final int KINDS = WNOTHREAD | WALL | WCLONE;

    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int P_PGID = 2;
    private static final int P_PIDFD = 3;

    private static final int CONTINUED = 0xffff;

    private final Kernel kernel;
    private final User user;
    private final Usage usage;
    private final PidFds pidFds;

    public WaitCalls(Kernel kernel, User user, Usage usage, PidFds pidFds) {
        this.kernel = kernel;
        this.user = user;
        this.usage = usage;
        this.pidFds = pidFds;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.WAIT4, Nr.WAITID);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.WAIT4 -> wait4(task, a0, a1, a2, a3);
            case Nr.WAITID -> waitid(task, a0, a1, a2, a3, a4);
            default -> throw Table.unclaimed(call);
        };
    }

    /** Which children, and for what. */
    private record Wanted(int type, int id, int options) {
        /** A traced thread is waited for whatever kind of child it is. */
        boolean includes(Kernel kernel, int tid) {
            @Nullable Task thread = kernel.processes().task(tid);
            return switch (type) {
                case P_PID, P_PIDFD -> tid == id;
                case P_PGID -> thread != null && thread.process.pgid == id;
                default -> true;
            };
        }

        boolean includes(Process child) {
            boolean named = switch (type) {
                case P_PID, P_PIDFD -> child.pid == id;
                case P_PGID -> child.pgid == id;
                default -> true;
            };
            boolean clone = child.exitSignal != Signal.SIGCHLD;
            return named && ((options & WALL) != 0 || clone == ((options & WCLONE) != 0));
        }
    }

    private long wait4(Task task, long pid, long statusVa, long options, long usageVa) {
        int which = (int) pid;
        int how = (int) options;
        if ((how & ~(WNOHANG | WSTOPPED | WCONTINUED | KINDS)) != 0) {
            return -EINVAL;
        }
        if (which == Integer.MIN_VALUE) {
            return -ESRCH;
        }
        Wanted wanted = which == -1
                ? new Wanted(P_ALL, 0, how | WEXITED)
                : which > 0
                        ? new Wanted(P_PID, which, how | WEXITED)
                        : new Wanted(P_PGID, which == 0 ? task.process.pgid : -which, how | WEXITED);
        long found = find(task, wanted);
        if (found <= 0) {
            return found;
        }
        Traced.News traced = traced(task, wanted);
        if (traced != null) {
            user.zero(Usage.SIZE);
            boolean bad = usageVa != 0 && !user.write(task, usageVa, Usage.SIZE);
            bad |= statusVa != 0 && user.giveInt(task, statusVa, traced.status()) != 0;
            Traced.take(task.process, traced);
            return bad ? -EFAULT : traced.tid();
        }
        Process child = child(task, (int) found);
        usage.ofEnded(child);
        boolean faults = usageVa != 0 && !user.write(task, usageVa, Usage.SIZE);
        int status = take(child, true);
        faults |= statusVa != 0 && user.giveInt(task, statusVa, status) != 0;
        return faults ? -EFAULT : found;
    }

    private long waitid(Task task, long type, long id, long infoVa, long options, long usageVa) {
        int how = (int) options;
        if ((how & ~(WNOHANG | WSTOPPED | WEXITED | WCONTINUED | WNOWAIT | KINDS)) != 0
                || (how & (WSTOPPED | WEXITED | WCONTINUED)) == 0) {
            return -EINVAL;
        }
        long who = who(task, (int) type, (int) id);
        if (who < 0) {
            return who;
        }
        Wanted wanted = new Wanted((int) type, (int) who, how);
        // a file of a process may say that nobody waits (pidfd_open(2): PIDFD_NONBLOCK)
        boolean impatient = (int) type == P_PIDFD && (how & WNOHANG) == 0 && nonblocking(task.files.get((int) id));
        long found = find(task, impatient ? new Wanted((int) type, (int) who, how | WNOHANG) : wanted);
        if (found == 0 && impatient) {
            return -EAGAIN;
        }
        if (found < 0) {
            return found;
        }
        boolean faults = false;
        user.zero(Usage.SIZE);
        Traced.News traced = found > 0 ? traced(task, wanted) : null;
        if (traced != null) {
            faults = usageVa != 0 && !user.write(task, usageVa, Usage.SIZE);
            traced.info(user);
            if ((how & WNOWAIT) == 0) {
                Traced.take(task.process, traced);
            }
        } else if (found > 0) {
            Process child = child(task, (int) found);
            usage.ofEnded(child);
            faults = usageVa != 0 && !user.write(task, usageVa, Usage.SIZE);
            info(child);
            take(child, (how & WNOWAIT) == 0);
        }
        faults |= infoVa != 0 && !user.write(task, infoVa, 128);
        return faults ? -EFAULT : 0;
    }

    private static boolean nonblocking(@Nullable OpenFile file) {
        return file != null && (file.flags & Mode.O_NONBLOCK) != 0;
    }

    private long who(Task task, int type, int id) {
        return switch (type) {
            case P_ALL -> 0;
            case P_PID -> id <= 0 ? -EINVAL : id;
            case P_PGID -> id < 0 ? -EINVAL : id == 0 ? task.process.pgid : id;
            case P_PIDFD -> {
                if (id < 0) {
                    yield -EINVAL;
                }
                @Nullable Process process = pidFds.process(task.files.get(id));
                yield process == null ? -EBADF : process.pid;
            }
            default -> -EINVAL;
        };
    }

    /** What there is to tell of threads that the task's process traces; null for nothing. */
    private Traced.@Nullable News traced(Task task, Wanted wanted) {
        return Traced.find(task.process, tid -> wanted.includes(kernel, tid), (wanted.options & WEXITED) != 0);
    }

    /** A child with news, or a traced thread. @return its pid; 0 for none with WNOHANG; BLOCKED, -ECHILD */
    private long find(Task task, Wanted wanted) {
        Traced.News traced = traced(task, wanted);
        if (traced != null) {
            return traced.tid();
        }
        boolean any = Traced.any(task.process, tid -> wanted.includes(kernel, tid));
        for (Process child : task.process.children) {
            if (!wanted.includes(child)) {
                continue;
            }
            any = true;
            if (hasNews(child, wanted.options)) {
                return child.pid;
            }
        }
        if (!any) {
            return -ECHILD;
        }
        if ((wanted.options & WNOHANG) != 0) {
            return 0;
        }
        task.waitOn(task.process.childNews);
        return BLOCKED;
    }

    private static boolean hasNews(Process child, int options) {
        return child.zombie && (options & WEXITED) != 0
                || child.stopNews && (options & WSTOPPED) != 0 && !tracedByParent(child)
                || child.continueNews && (options & WCONTINUED) != 0;
    }

    /** Stops of a child that is traced are told of as the tracer's. */
    private static boolean tracedByParent(Process child) {
        Task leader = child.leader();
        return leader != null && leader.tracing != null && leader.tracing.tracer == child.parent;
    }

    private Process child(Task task, int pid) {
        return task.process.children.stream()
                .filter(c -> c.pid == pid)
                .findFirst()
                .orElseThrow();
    }

    /** The status of a child with news. @param consume whether the news is told only once */
    private int take(Process child, boolean consume) {
        if (child.zombie) {
            int status = child.exitStatus;
            if (consume) {
                kernel.reap(child);
            }
            return status;
        }
        if (child.stopNews) {
            child.stopNews = !consume;
            return child.stopSignal << 8 | 0x7f;
        }
        child.continueNews = !consume;
        return CONTINUED;
    }

    private void info(Process child) {
        user.zero(128);
        int signal = child.exitStatus & 0x7f;
        user.put32(0, Signal.SIGCHLD);
        user.put32(16, child.pid);
        Task leader = child.leader();
        user.put32(20, leader == null ? 0 : leader.credentials.uid());
        if (!child.zombie) {
            user.put32(8, child.stopNews ? SigInfo.CLD_STOPPED : SigInfo.CLD_CONTINUED);
            user.put32(24, child.stopNews ? child.stopSignal : Signal.SIGCONT);
        } else if (signal == 0) {
            user.put32(8, SigInfo.CLD_EXITED);
            user.put32(24, child.exitStatus >> 8 & 0xff);
        } else {
            user.put32(8, (child.exitStatus & 0x80) != 0 ? SigInfo.CLD_DUMPED : SigInfo.CLD_KILLED);
            user.put32(24, signal);
        }
    }
}
