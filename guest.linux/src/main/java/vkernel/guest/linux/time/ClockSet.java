package vkernel.guest.linux.time;

import vkernel.guest.linux.exec.Vdso;
import vkernel.guest.linux.poll.TimerFds;
import vkernel.kern.Kernel;
import vkernel.task.Process;

/** Sets the time of day, and tells those who go by it (Linux: clock_was_set()). */
public final class ClockSet {
    private final Kernel kernel;
    private final Vdso vdso;
    private final Timers timers;
    private final TimerFds timerFds;

    public ClockSet(Kernel kernel, Vdso vdso, Timers timers, TimerFds timerFds) {
        this.kernel = kernel;
        this.vdso = vdso;
        this.timers = timers;
        this.timerFds = timerFds;
    }

    /** @param nanos since 1970 */
    void to(long nanos) {
        kernel.setRealtime(nanos);
        vdso.updateClock();
        timerFds.clockSet();
        for (Process process : kernel.processes().processes()) {
            timers.clockSet(process);
        }
    }
}
