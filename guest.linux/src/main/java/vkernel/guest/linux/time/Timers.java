package vkernel.guest.linux.time;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Kernel;
import vkernel.kern.Timer;
import vkernel.task.IntervalTimer;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/**
 * Arms and expires the timers of processes. A timer of CPU time is looked at again when it could have expired at the
 * earliest; nothing counts its clock. Timers of ended processes die at their next expiry.
 */
public final class Timers {
    /** How long a CPU-time timer is left alone at least, nanoseconds. */
    private static final long LEAST_LOOK = 1_000_000;

    private final Kernel kernel;
    private final Clocks clocks;

    public Timers(Kernel kernel, Clocks clocks) {
        this.kernel = kernel;
        this.clocks = clocks;
    }

    /** Time of a timer's clock. */
    long now(Process process, IntervalTimer timer) {
        return switch (timer.clock) {
            case Clocks.ITIMER_VIRTUAL -> clocks.userTime(process);
            case Clocks.ITIMER_PROF, Clocks.PROCESS_CPUTIME -> clocks.processTime(process);
            case Clocks.THREAD_CPUTIME -> threadTime(process, timer);
            default -> Clocks.realtime(timer.clock) ? kernel.realtime() : kernel.now();
        };
    }

    private long threadTime(Process process, IntervalTimer timer) {
        @Nullable Task thread = kernel.processes().task(timer.owner);
        return thread == null || thread.process != process ? 0 : clocks.threadTime(thread);
    }

    /** Sets a timer. @param expires by its clock; 0 to disarm */
    void arm(Process process, IntervalTimer timer, long expires, long interval) {
        timer.expires = expires;
        timer.interval = interval;
        timer.overrun = 0;
        Timer clock = timer.timer;
        if (clock == null) {
            clock = timer.timer = kernel.timer(() -> look(process, timer));
        }
        clock.arm(expires == 0 ? Long.MAX_VALUE : nextLook(process, timer));
    }

    /** Disarms a process's timers, for a successor. */
    public static void release(Process process) {
        for (IntervalTimer timer : process.itimers) {
            release(timer);
        }
        for (IntervalTimer timer : process.timers.values()) {
            release(timer);
        }
    }

    static void release(@Nullable IntervalTimer timer) {
        if (timer != null && timer.timer != null) {
            timer.timer.arm(Long.MAX_VALUE);
            timer.timer = null;
        }
    }

    /** Takes over a process's timers, which another provider has given up. */
    public void adopt(Process process) {
        for (IntervalTimer timer : process.itimers) {
            adopt(process, timer);
        }
        for (IntervalTimer timer : process.timers.values()) {
            adopt(process, timer);
        }
    }

    private void adopt(Process process, @Nullable IntervalTimer timer) {
        if (timer != null && timer.expires != 0) {
            timer.timer = kernel.timer(() -> look(process, timer));
            timer.timer.arm(nextLook(process, timer));
        }
    }

    /** The time of day is another: timers that go by it expire at another time than was thought. */
    void clockSet(Process process) {
        for (IntervalTimer timer : process.timers.values()) {
            Timer clock = timer.timer;
            if (Clocks.realtime(timer.clock) && timer.expires != 0 && clock != null) {
                clock.arm(nextLook(process, timer));
            }
        }
    }

    /** What is left; at least 1 for a timer that is armed. */
    long left(Process process, IntervalTimer timer) {
        return timer.expires == 0 ? 0 : Math.max(1, timer.expires - now(process, timer));
    }

    void disarm(Process process, IntervalTimer timer) {
        if (timer.timer != null) {
            arm(process, timer, 0, 0);
        }
    }

    private static boolean elapses(IntervalTimer timer) {
        return Clocks.elapses(timer.clock);
    }

    private long nextLook(Process process, IntervalTimer timer) {
        long left = timer.expires - now(process, timer);
        if (elapses(timer)) {
            return left >= Long.MAX_VALUE - kernel.now() ? Long.MAX_VALUE - 1 : kernel.now() + Math.max(0, left);
        }
        // No more than one thread a hart can use the clock up.
        int speed = Math.max(1, Math.min(kernel.harts(), process.threads.size()));
        return kernel.now() + Math.max(LEAST_LOOK, left / speed);
    }

    private void look(Process process, IntervalTimer timer) {
        Timer clock = timer.timer;
        if (timer.expires == 0 || process.zombie || process.exiting || clock == null) {
            return;
        }
        long now = now(process, timer);
        if (now >= timer.expires) {
            expire(process, timer, now);
        }
        if (timer.expires != 0) {
            clock.arm(nextLook(process, timer));
        }
    }

    private void expire(Process process, IntervalTimer timer, long now) {
        long missed = 0;
        if (timer.interval == 0) {
            timer.expires = 0;
        } else {
            missed = (now - timer.expires) / timer.interval;
            timer.expires += (missed + 1) * timer.interval;
        }
        send(process, timer, (int) Math.min(missed, Integer.MAX_VALUE));
    }

    /** A signal as it is taken: one of a timer tells how often the timer has expired since it was sent. */
    public SigInfo taken(Process process, SigInfo info) {
        @Nullable IntervalTimer timer = info.code() == SigInfo.SI_TIMER ? process.timers.get(info.pid()) : null;
        if (timer == null) {
            return info;
        }
        timer.lastOverrun = timer.overrun;
        timer.overrun = 0;
        return new SigInfo(info.signal(), info.code(), info.pid(), timer.lastOverrun, info.value(), 0);
    }

    private void send(Process process, IntervalTimer timer, int missed) {
        if (timer.notify == IntervalTimer.NONE) {
            return;
        }
        @Nullable
        Task thread =
                timer.notify == IntervalTimer.THREAD_ID ? kernel.processes().task(timer.tid) : null;
        long pending = thread == null ? process.pending.set() : thread.pending.set();
        if (timer.id >= 0 && (pending & Signal.bit(timer.signal)) != 0) {
            timer.overrun += missed + 1;
            return;
        }
        timer.overrun = missed;
        SigInfo info = timer.id < 0
                ? SigInfo.kernel(timer.signal)
                : new SigInfo(timer.signal, SigInfo.SI_TIMER, timer.id, 0, timer.value, 0);
        if (thread != null && thread.process == process) {
            kernel.signal(thread, info);
        } else if (timer.notify == IntervalTimer.SIGNAL) {
            kernel.signal(process, info);
        }
    }
}
