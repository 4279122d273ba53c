package vkernel.host.sim;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import vkernel.host.ClockState;

/**
 * Time that passes by instructions retired, a nanosecond each, summed over the harts; idle time is skipped. With one
 * hart and no input from outside it is the same in every run.
 *
 * <p>A hart that has neither run nor idled yet has not been started and holds nobody up.
 */
final class VirtualClock implements MachineClock {
    /** 2026-01-01T00:00:00Z. */
    private static final long EPOCH_SECONDS = 1_767_225_600L;

    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400L;

    private final boolean[] idle; // guarded by this
    private final boolean[] woken; // guarded by this
    private final long[] deadlines; // guarded by this
    private boolean stopped; // guarded by this
    private volatile long started; // bit for each hart that has run or idled; written under this
    private volatile long earliest = Long.MAX_VALUE; // deadline of an idle hart; written under this
    private final AtomicLong time = new AtomicLong();
    private volatile long offset;

    /** @param from where a former clock stopped; null for one that starts */
    VirtualClock(int harts, long seed, @Nullable ClockState from) {
        idle = new boolean[harts];
        woken = new boolean[harts];
        deadlines = new long[harts];
        offset = (EPOCH_SECONDS + Math.floorMod(seed, DAY)) * SECOND;
        if (from == null) return;
        offset = from.ahead();
        started = from.started();
        time.set(from.monotonic());
    }

    @Override
    public synchronized ClockState state() {
        return new ClockState(monotonic(), offset, started);
    }

    @Override
    public void stand() {
        // no instruction retires, so no time passes
    }

    @Override
    public void goOn() {
        // likewise
    }

    @Override
    public long monotonic() {
        return time.get();
    }

    @Override
    public void retired(long instructions) {
        if (time.addAndGet(instructions) >= earliest) due();
    }

    private synchronized void due() {
        notifyAll();
    }

    @Override
    public long origin() {
        return NO_ORIGIN;
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
    public synchronized void idle(int hart, long deadline) {
        start(hart);
        deadlines[hart] = deadline;
        idle[hart] = true;
        rest(hart);
        idle[hart] = false;
        woken[hart] = false;
        earliest = earliestDeadline();
    }

    private void rest(int hart) {
        earliest = earliestDeadline();
        while (resting(hart)) {
            if (allRest()) skip();
            if (!resting(hart)) return;
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean resting(int hart) {
        return idle[hart] && !woken[hart] && !stopped && monotonic() < deadlines[hart];
    }

    private boolean allRest() {
        for (int hart = 0; hart < idle.length; hart++) {
            if ((started >>> hart & 1) != 0 && !resting(hart)) return false;
        }
        return true;
    }

    /** Every hart is idle: it is the earliest deadline now. */
    private void skip() {
        long deadline = earliestDeadline();
        if (deadline == Long.MAX_VALUE) return;
        time.accumulateAndGet(deadline, Math::max);
        notifyAll();
    }

    private long earliestDeadline() {
        long first = Long.MAX_VALUE;
        for (int hart = 0; hart < idle.length; hart++) {
            if (idle[hart]) first = Math.min(first, deadlines[hart]);
        }
        return first;
    }

    @Override
    public synchronized void wake(int hart) {
        woken[hart] = true;
        notifyAll();
    }

    @Override
    public boolean exact() {
        return true;
    }

    @Override
    public void runs(int hart) {
        if ((started >>> hart & 1) == 0) start(hart);
    }

    private synchronized void start(int hart) {
        started |= 1L << hart;
    }

    @Override
    public synchronized boolean idling(int hart) {
        return idle[hart];
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        Arrays.fill(woken, true);
        notifyAll();
    }
}
