package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.ECANCELED;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Kernel.BLOCKED;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.fs.FileOps;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.TimerFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.time.Clocks;
import vkernel.guest.linux.user.Le;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Timer;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** timerfd_create(2): a timer whose expirations are read. */
public final class TimerFds implements FileOps, CallGroup {
    private static final String KIND = "timerfd";
    private static final int TFD_TIMER_ABSTIME = 1;
    private static final int TFD_TIMER_CANCEL_ON_SET = 2;
    private static final int SIZE = 8;

    private final Kernel kernel;
    private final User user;
    private final Times times;
    private final EventFiles files;
    private final Set<TimerFile> timers = Collections.newSetFromMap(new IdentityHashMap<>());

    public TimerFds(Kernel kernel, User user, EventFiles files) {
        this.kernel = kernel;
        this.user = user;
        times = new Times(user);
        this.files = files;
        files.serve(KIND, this);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.TIMERFD_CREATE, Nr.TIMERFD_SETTIME, Nr.TIMERFD_GETTIME);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.TIMERFD_CREATE -> create(task, a0, a1);
            case Nr.TIMERFD_SETTIME -> settime(task, a0, a1, a2, a3);
            case Nr.TIMERFD_GETTIME -> gettime(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long create(Task task, long clock, long flags) {
        boolean known = Clocks.elapses((int) clock) && (int) clock != Clocks.TAI;
        if (!known || ((int) flags & ~(Mode.O_NONBLOCK | Mode.O_CLOEXEC)) != 0) {
            return -EINVAL;
        }
        if (Clocks.wakes((int) clock) && !task.credentials.can(Credentials.CAP_WAKE_ALARM)) {
            return -EPERM;
        }
        TimerFile timer = new TimerFile((int) clock);
        long fd = files.open(task, KIND, timer, (int) flags);
        if (fd >= 0) {
            timers.add(timer);
        }
        return fd;
    }

    private long now(TimerFile file) {
        return Clocks.realtime(file.clock) ? kernel.realtime() : kernel.now();
    }

    /** The timer of a descriptor; null when it is none. */
    private static @Nullable TimerFile timer(Task task, long fd) {
        OpenFile file = task.files.get((int) fd);
        return file != null && file.data instanceof TimerFile timer ? timer : null;
    }

    private long settime(Task task, long fd, long flags, long newVa, long oldVa) {
        if (!user.read(task, newVa, 32)) {
            return -EFAULT;
        }
        long interval = times.timespecAt(0);
        long value = times.timespecAt(16);
        if (((int) flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0 || interval < 0 || value < 0) {
            return -EINVAL;
        }
        @Nullable TimerFile timer = timer(task, fd);
        if (timer == null) {
            return task.files.get((int) fd) == null ? -EBADF : -EINVAL;
        }
        put(timer);
        boolean absolute = ((int) flags & TFD_TIMER_ABSTIME) != 0;
        timer.expires = value == 0 || absolute ? value : Times.deadline(now(timer), value);
        timer.interval = interval;
        timer.expirations = 0;
        timer.cancels = absolute && ((int) flags & TFD_TIMER_CANCEL_ON_SET) != 0 && Clocks.realtime(timer.clock);
        boolean canceled = timer.cancels && timer.canceled;
        timer.canceled = false;
        arm(timer);
        return canceled ? -ECANCELED : oldVa == 0 ? 0 : user.give(task, oldVa, 32);
    }

    private void put(TimerFile timer) {
        times.putTimespec(0, timer.interval);
        times.putTimespec(16, timer.expires == 0 ? 0 : Math.max(1, timer.expires - now(timer)));
    }

    private long gettime(Task task, long fd, long va) {
        @Nullable TimerFile timer = timer(task, fd);
        if (timer == null) {
            return task.files.get((int) fd) == null ? -EBADF : -EINVAL;
        }
        put(timer);
        return user.give(task, va, 32);
    }

    /** Disarms the timers there are and gives them up, for a successor. */
    public Set<TimerFile> release() {
        Set<TimerFile> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(timers);
        timers.clear();
        for (TimerFile timer : all) {
            disarm(timer);
            timer.timer = null;
        }
        return all;
    }

    /** Takes timers over: they are armed anew. */
    public void adopt(Set<TimerFile> old) {
        for (TimerFile timer : old) {
            timers.add(timer);
            arm(timer);
        }
    }

    private static void disarm(TimerFile file) {
        if (file.timer != null) {
            file.timer.arm(Long.MAX_VALUE);
        }
    }

    private void arm(TimerFile file) {
        Timer timer = file.timer;
        if (timer == null) {
            timer = file.timer = kernel.timer(() -> expire(file));
        }
        timer.arm(
                file.expires == 0
                        ? Long.MAX_VALUE
                        : Times.deadline(kernel.now(), Math.max(0, file.expires - now(file))));
    }

    /** The time of day is another: timers that go by it expire at another time, or are canceled. */
    public void clockSet() {
        for (TimerFile file : timers) {
            if (!Clocks.realtime(file.clock)) {
                continue;
            }
            if (file.expires != 0) {
                arm(file);
            }
            if (file.cancels) {
                file.canceled = true;
                kernel.wake(file.forExpiry);
            }
        }
    }

    private void expire(TimerFile file) {
        long now = now(file);
        if (file.expires == 0 || now < file.expires) {
            arm(file);
            return;
        }
        long missed = file.interval == 0 ? 0 : (now - file.expires) / file.interval;
        file.expirations += missed + 1;
        file.expires = file.interval == 0 ? 0 : file.expires + (missed + 1) * file.interval;
        arm(file);
        kernel.wake(file.forExpiry);
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        if (to.remaining() < SIZE) {
            return -EINVAL;
        }
        TimerFile timer = (TimerFile) java.util.Objects.requireNonNull(file.data);
        if (timer.canceled) {
            timer.canceled = false;
            timer.expirations = 0;
            return -ECANCELED;
        }
        if (timer.expirations == 0) {
            if (file.nonblocking()) {
                return -EAGAIN;
            }
            task.waitOn(timer.forExpiry);
            return BLOCKED;
        }
        byte[] word = new byte[SIZE];
        Le.put64(word, 0, timer.expirations);
        timer.expirations = 0;
        return to.put(word, 0, SIZE) == SIZE ? SIZE : -EFAULT;
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        TimerFile timer = (TimerFile) java.util.Objects.requireNonNull(file.data);
        if (waiter != null) {
            waiter.waitOn(timer.forExpiry);
        }
        return timer.expirations == 0 && !timer.canceled ? 0 : Mode.POLLIN | Mode.POLLRDNORM;
    }

    @Override
    public void release(OpenFile file) {
        if (file.data instanceof TimerFile timer) {
            timers.remove(timer);
            timer.expires = 0;
            disarm(timer);
        }
    }
}
