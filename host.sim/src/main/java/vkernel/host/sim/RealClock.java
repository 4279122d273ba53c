package vkernel.host.sim;

import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes with the host's. {@link #realtime} is the host's at the start and goes on with {@link #monotonic},
 * so that a kernel may compute one from the other.
 */
final class RealClock implements MachineClock {
    private static final long SECOND = 1_000_000_000L;

    /** A hart's bed. */
    private static final class Sleeper {
        private final AtomicBoolean woken = new AtomicBoolean();
        private volatile @Nullable Thread thread;
    }

    private final long start = System.nanoTime();
    private final Sleeper[] sleepers;
    private volatile long offset;
    private volatile boolean stopped;

    RealClock(int harts) {
        sleepers = new Sleeper[harts];
        Arrays.setAll(sleepers, i -> new Sleeper());
        Instant now = Instant.now();
        offset = now.getEpochSecond() * SECOND + now.getNano() - monotonic();
    }

    @Override
    public long monotonic() {
        return System.nanoTime() - start;
    }

    @Override
    public long realtime() {
        return monotonic() + offset;
    }

    @Override
    public void setRealtime(long nanos) {
        offset = nanos - monotonic();
    }

    @Override
    public void idle(int hart, long deadline) {
        Sleeper sleeper = sleepers[hart];
        sleeper.thread = Thread.currentThread();
        while (!sleeper.woken.get() && !stopped && !Thread.currentThread().isInterrupted()) {
            long now = monotonic();
            if (deadline <= now) break;
            LockSupport.parkNanos(this, deadline - now);
        }
        sleeper.thread = null;
        sleeper.woken.getAndSet(false); // not a plain write: what came before a wake up to here must be seen
    }

    @Override
    public void wake(int hart) {
        Sleeper sleeper = sleepers[hart];
        sleeper.woken.set(true);
        LockSupport.unpark(sleeper.thread);
    }

    @Override
    public boolean exact() {
        return false;
    }

    @Override
    public void runs(int hart) {
        // the host's clock needs no telling
    }

    @Override
    public void retired(long instructions) {
        // nor of what they did
    }

    @Override
    public boolean idling(int hart) {
        return sleepers[hart].thread != null;
    }

    @Override
    public void stop() {
        stopped = true;
        for (int hart = 0; hart < sleepers.length; hart++) wake(hart);
    }
}
