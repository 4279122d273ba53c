package vkernel.task;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Pending signals: a standard signal once, real-time signals queued in order (signal(7)), at most {@link #LIMIT}. */
public final class SigQueue {
    /** Most queued real-time signals of one queue; sigqueue(3) gives EAGAIN beyond. */
    public static final int LIMIT = 1024;

    private long set;
    private final ArrayDeque<SigInfo> queue = new ArrayDeque<>(2);

    /** The pending signals as a mask. */
    public long set() {
        return set;
    }

    /** Signals that pend. */
    public int size() {
        return queue.size();
    }

    /** Whether no more real-time signals can be queued. */
    public boolean full() {
        return queue.size() >= LIMIT;
    }

    /**
     * Adds a signal. A standard one always finds room, and so does a real-time one that was sent by kill(2) and does
     * not yet pend: who is killed must not survive because others have filled the queue.
     *
     * @return false when the queue is full
     */
    public boolean add(SigInfo info) {
        long bit = Signal.bit(info.signal());
        boolean pends = (set & bit) != 0;
        if (info.signal() < Signal.SIGRTMIN ? pends : pends && full() && info.code() >= 0) {
            return true;
        }
        if (info.signal() >= Signal.SIGRTMIN && full() && info.code() < 0) {
            return false;
        }
        queue.add(info);
        set |= bit;
        return true;
    }

    /** Takes the next signal not in {@code blocked}: faults first, then the lowest number; null when there is none. */
    public @Nullable SigInfo take(long blocked) {
        long ready = set & ~blocked;
        if (ready == 0) {
            return null;
        }
        long sync = ready & SYNCHRONOUS;
        int signal = Long.numberOfTrailingZeros(sync != 0 ? sync : ready) + 1;
        SigInfo found = null;
        boolean more = false;
        for (var i = queue.iterator(); i.hasNext(); ) {
            SigInfo info = i.next();
            if (info.signal() != signal) {
                continue;
            }
            if (found == null) {
                found = info;
                i.remove();
            } else {
                more = true;
                break;
            }
        }
        if (!more) {
            set &= ~Signal.bit(signal);
        }
        return found;
    }

    /** Forgets pending signals. */
    public void remove(long mask) {
        set &= ~mask;
        queue.removeIf(info -> (mask & Signal.bit(info.signal())) != 0);
    }

    private static final long SYNCHRONOUS = Signal.bit(Signal.SIGSEGV)
            | Signal.bit(Signal.SIGBUS)
            | Signal.bit(Signal.SIGILL)
            | Signal.bit(Signal.SIGTRAP)
            | Signal.bit(Signal.SIGFPE)
            | Signal.bit(Signal.SIGSYS);
}
