package vkernel.kern;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counters since boot. Written with the kernel lock held. */
public final class KernelStats {
    public long contextSwitches;
    public long interrupts;
    public long forks;
    public long traps;
    public long syscalls;
    public long faults;
    public long oopses;
    /** Idle time of all harts, nanoseconds. */
    public long idle;
    /** Time in user code of all harts, nanoseconds. */
    public long user;
    /** Time in the kernel of all harts, nanoseconds. */
    public long system;
    /** Load averages over 1, 5 and 15 minutes. */
    public final double[] load = new double[3];

    /** When they were sampled last, monotonic nanoseconds. */
    public long loadSampled;

    /** Names this boot (/proc/sys/kernel/random/boot_id); null until somebody asks. */
    public @Nullable UUID bootId;
}
