package vkernel.kern;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long one thread has had the kernel lock for the same thing, seen from outside without waiting for it. What counts
 * is the time in which that thread really computes or waits, so that a busy machine is not taken for a bug. One thread
 * looks; {@link #relieve} may be called by any.
 */
public final class LockWatch {
    private final KernelLock lock;
    private final @Nullable ThreadMXBean threads = bean();
    /** How often somebody has come out of what it was told to come out of, and begun something else under the lock. */
    private final AtomicInteger reliefs = new AtomicInteger();

    private @Nullable Thread owner;
    private long taken;
    private int relieved;
    private long millis;
    private long cpu;
    private boolean waits;

    public LockWatch(KernelLock lock) {
        this.lock = lock;
    }

    private static @Nullable ThreadMXBean bean() {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        return bean.isThreadCpuTimeSupported() && bean.isThreadCpuTimeEnabled() ? bean : null;
    }

    /** Looks again. @param passed milliseconds since the last look @return whether it is another turn than then */
    public boolean look(long passed) {
        Thread now = lock.owner();
        long count = lock.taken();
        int relief = reliefs.get();
        if (now == null || now != owner || count != taken || relief != relieved) {
            owner = now;
            taken = count;
            relieved = relief;
            millis = 0;
            cpu = now == null ? 0 : cpu(now);
            return true;
        }
        waits = waits(now);
        long used = cpu(now);
        millis += waits ? passed : (used - cpu) / 1_000_000;
        cpu = used;
        return false;
    }

    /** Whether a thread computes nothing. */
    public static boolean waits(Thread thread) {
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    /** CPU time of a thread, nanoseconds; where the JVM does not tell, as if it computed all the time. */
    public long cpu(Thread of) {
        return threads == null ? System.nanoTime() : threads.getThreadCpuTime(of.threadId());
    }

    /** Who had it at the last look. */
    public @Nullable Thread owner() {
        return owner;
    }

    /** For how long now: of computing, or of waiting. */
    public long millis() {
        return millis;
    }

    /** Whether it waited at the last look. */
    public boolean waits() {
        return waits;
    }

    /** Asked by the owner of the last look: whether it is still in the same turn. Holds no class but of the JDK and this. */
    public BooleanSupplier still() {
        return new Turn(lock, taken, reliefs, relieved);
    }

    /** Asked by the one who looks: whether the turn of the last look still lasts. */
    public boolean lasts() {
        return lock.owner() == owner && lock.taken() == taken && reliefs.get() == relieved;
    }

    /** The calling thread has come out of what it was told to come out of; what it does next is another turn. */
    public void relieve() {
        reliefs.incrementAndGet();
    }

    private record Turn(KernelLock lock, long taken, AtomicInteger reliefs, int relieved) implements BooleanSupplier {
        @Override
        public boolean getAsBoolean() {
            return reliefs.get() == relieved && lock.still(taken);
        }
    }
}
