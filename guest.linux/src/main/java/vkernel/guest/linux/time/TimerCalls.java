package vkernel.guest.linux.time;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Errno.EPERM;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.IntervalTimer;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.Signal;
import vkernel.task.Task;

/** timer_create(2) and its kin. */
public final class TimerCalls implements CallGroup {
    private static final int TIMER_ABSTIME = 1;
    private static final int MOST = 1024;

    private final Kernel kernel;
    private final User user;
    private final Times times;
    private final Clocks clocks;
    private final Timers timers;

    public TimerCalls(Kernel kernel, User user, Clocks clocks, Timers timers) {
        this.kernel = kernel;
        this.user = user;
        this.clocks = clocks;
        this.timers = timers;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.TIMER_SETTIME, Nr.TIMER_GETTIME, Nr.TIMER_GETOVERRUN, Nr.TIMER_DELETE);
        table.partial(this, Nr.TIMER_CREATE, "CPU time of oneself only");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.TIMER_CREATE -> create(task, a0, a1, a2);
            case Nr.TIMER_SETTIME -> settime(task, a0, a1, a2, a3);
            case Nr.TIMER_GETTIME -> gettime(task, a0, a1);
            case Nr.TIMER_GETOVERRUN -> overrun(task, a0);
            case Nr.TIMER_DELETE -> delete(task, a0);
            default -> throw Table.unclaimed(call);
        };
    }

    /** struct sigevent: value at 0, signal at 8, notify at 12, thread at 16. */
    private long create(Task task, long clock, long eventVa, long idVa) {
        int which = (int) clock;
        if (clocks.read(task, which) < 0) {
            return -EINVAL;
        }
        if (!Clocks.elapses(which) && which != Clocks.PROCESS_CPUTIME && which != Clocks.THREAD_CPUTIME) {
            return -EOPNOTSUPP;
        }
        if (Clocks.wakes(which) && !task.credentials.can(Credentials.CAP_WAKE_ALARM)) {
            return -EPERM;
        }
        int id = free(task.process);
        if (id < 0 || full(task.process)) {
            return -EAGAIN;
        }
        IntervalTimer timer = new IntervalTimer(id, which);
        timer.owner = task.tid;
        timer.signal = Signal.SIGALRM;
        timer.value = id;
        if (eventVa != 0) {
            long bad = event(task, timer, eventVa);
            if (bad != 0) {
                return bad;
            }
        }
        if (user.giveInt(task, idVa, id) != 0) {
            return -EFAULT;
        }
        task.process.timers.put(id, timer);
        return 0;
    }

    private long event(Task task, IntervalTimer timer, long va) {
        if (!user.read(task, va, 64)) {
            return -EFAULT;
        }
        timer.value = user.i64(0);
        timer.signal = user.i32(8);
        timer.notify = user.i32(12);
        timer.tid = user.i32(16);
        boolean signals = timer.notify == IntervalTimer.SIGNAL || timer.notify == IntervalTimer.THREAD_ID;
        if (!signals) {
            return timer.notify == IntervalTimer.NONE ? 0 : -EINVAL;
        }
        if (timer.notify == IntervalTimer.THREAD_ID) {
            @Nullable Task thread = kernel.processes().task(timer.tid);
            if (thread == null || thread.process != task.process) {
                return -EINVAL;
            }
        }
        return timer.signal < 1 || timer.signal > Signal.MAX ? -EINVAL : 0;
    }

    /** RLIMIT_SIGPENDING, which each timer needs one of. */
    private static boolean full(Process process) {
        long limit = process.softLimits[Limits.SIGPENDING];
        return limit != Limits.INFINITY && process.timers.size() + process.pending.size() >= limit;
    }

    private static int free(Process process) {
        for (int id = 0; id < MOST; id++) {
            if (!process.timers.containsKey(id)) {
                return id;
            }
        }
        return -1;
    }

    /** struct itimerspec: interval at 0, value at 16. */
    private long settime(Task task, long id, long flags, long newVa, long oldVa) {
        if (!user.read(task, newVa, 32)) {
            return -EFAULT;
        }
        long interval = times.timespecAt(0);
        long value = times.timespecAt(16);
        Process process = task.process;
        @Nullable IntervalTimer timer = process.timers.get((int) id);
        if (timer == null || interval < 0 || value < 0) {
            return -EINVAL;
        }
        put(process, timer);
        boolean absolute = ((int) flags & TIMER_ABSTIME) != 0;
        long expires = value == 0 || absolute ? value : Times.deadline(timers.now(process, timer), value);
        timers.arm(process, timer, expires, interval);
        return oldVa == 0 ? 0 : user.give(task, oldVa, 32);
    }

    private void put(Process process, IntervalTimer timer) {
        times.putTimespec(0, timer.interval);
        times.putTimespec(16, timers.left(process, timer));
    }

    private long gettime(Task task, long id, long va) {
        @Nullable IntervalTimer timer = task.process.timers.get((int) id);
        if (timer == null) {
            return -EINVAL;
        }
        put(task.process, timer);
        return user.give(task, va, 32);
    }

    private long overrun(Task task, long id) {
        @Nullable IntervalTimer timer = task.process.timers.get((int) id);
        return timer == null ? -EINVAL : timer.lastOverrun;
    }

    private long delete(Task task, long id) {
        @Nullable IntervalTimer timer = task.process.timers.remove((int) id);
        if (timer == null) {
            return -EINVAL;
        }
        timers.disarm(task.process, timer);
        return 0;
    }

    /** execve(2) leaves no timer of timer_create. */
    public void deleteAll(Process process) {
        process.timers.values().forEach(timer -> timers.disarm(process, timer));
        process.timers.clear();
    }
}
