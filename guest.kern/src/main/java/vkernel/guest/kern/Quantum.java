package vkernel.guest.kern;

import vkernel.host.HostSlot;
import vkernel.host.MachineConfig;
import vkernel.host.engine.Hart;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/**
 * How long a task may run on a hart, in instructions, and what it is charged for having run (Linux: kernel/sched/cputime.c).
 * Guarded by the kernel lock.
 */
final class Quantum {
    /** Most nanoseconds between two looks at the clock in real time, and least instructions. */
    private static final long LOOK = 1_000_000;

    private static final long LEAST_LOOK = 1000;
    /** Instructions from which on the speed of user code is reckoned. */
    private static final long SURE = 200_000;

    private final EventKernel kernel;
    private final HostSlot host;
    private final Hart hart;
    private final boolean virtual;

    /** Reckoned from quanta that were user code alone. */
    private double nanosPerInstruction = 5;

    private long began;
    private long retiredBefore;

    Quantum(EventKernel kernel, HostSlot host, Hart hart) {
        this.kernel = kernel;
        this.host = host;
        this.hart = hart;
        this.virtual = host.config().time() == MachineConfig.Time.VIRTUAL;
    }

    /** A task is about to run. @return the time */
    long begin() {
        began = host.clock().monotonic();
        retiredBefore = hart.retired;
        return began;
    }

    /** Instructions until the end of the quantum or the next timer; at most {@link #LOOK} away in real time. */
    long budget(long end) {
        long now = host.clock().monotonic();
        long nanos = Math.min(end, kernel.timers.next()) - now;
        if (end <= now) {
            return 0;
        }
        if (virtual) {
            return Math.max(1, nanos);
        }
        return Math.max(LEAST_LOOK, (long) (Math.min(LOOK, nanos) / nanosPerInstruction));
    }

    /** Time in user code is reckoned from the instructions: a look at the clock at every trap would cost more. */
    void account(Task ran) {
        long nanos = host.clock().monotonic() - began;
        long instructions = hart.retired - retiredBefore;
        if (virtual) {
            nanosPerInstruction = 1;
        } else if (instructions > SURE) {
            nanosPerInstruction += ((double) nanos / instructions - nanosPerInstruction) / 16;
        }
        long user = Math.min(nanos, (long) (instructions * nanosPerInstruction));
        ran.userTime += user;
        ran.systemTime += nanos - user;
        if (ran.state == Task.State.DEAD) {
            ran.process.userTime += user;
            ran.process.systemTime += nanos - user;
        }
        kernel.stats.user += user;
        kernel.stats.system += nanos - user;
        SchedPolicy policy = kernel.dispatcher.policy();
        if (policy != null) {
            policy.ran(ran, nanos);
        }
    }
}
