package vkernel.host.sim;

import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import vkernel.host.ClockState;

/**
 * Time that passes with the host's. {@link #realtime} is the host's at the start and goes on with {@link #monotonic},
 * so that a kernel may compute one from the other: after
 * it has stood still it is behind the host's by as much, as in a machine that was suspended.
 */
final class RealClock implements MachineClock {
    private static final long SECOND = 1_000_000_000L;

    /** A hart's bed. */
    private static final class Sleeper {
        private final AtomicBoolean woken = new AtomicBoolean();
        private volatile @Nullable Thread thread;
    }

    /** A value of {@link System#nanoTime}, or while time stands still what {@link #monotonic} is. */
    private record Origin(boolean standing, long nanos) {}

    private volatile Origin origin = new Origin(false, System.nanoTime());
    private final Sleeper[] sleepers;
    private volatile long offset;
    private volatile boolean stopped;

    /** @param from where a former clock stopped; null for one that starts */
    RealClock(int harts, @Nullable ClockState from) {
        sleepers = new Sleeper[harts];
        Arrays.setAll(sleepers, i -> new Sleeper());
        if (from != null) {
            origin = new Origin(false, System.nanoTime() - from.monotonic());
            offset = from.ahead();
            return;
        }
        Instant now = Instant.now();
        offset = now.getEpochSecond() * SECOND + now.getNano() - monotonic();
    }

    @Override
    public ClockState state() {
        return new ClockState(monotonic(), offset, 0);
    }

    @Override
    public void stand() {
        if (!origin.standing()) origin = new Origin(true, monotonic());
    }

    @Override
    public void goOn() {
        Origin stood = origin;
        if (!stood.standing()) return;
        origin = new Origin(false, System.nanoTime() - stood.nanos());
    }

    @Override
    public long monotonic() {
        Origin now = origin;
        return now.standing() ? now.nanos() : System.nanoTime() - now.nanos();
    }

    @Override
    public long origin() {
        Origin now = origin;
        return now.standing() ? NO_ORIGIN : now.nanos();
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
