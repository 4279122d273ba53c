package vkernel.kern;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of the whole kernel. Harts take and give it at every trap; others (the shell, the launcher) take it now and
 * then, and would starve behind busy harts: harts let them go first. It outlives the code that runs the kernel.
 */
public final class KernelLock {
    /** Tries before a hart parks: a trap handler is shorter than a park. */
    private static final int SPINS = 200;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger visitors = new AtomicInteger();

    /** For a hart. */
    public void enter() {
        while (visitors.get() > 0) {
            Thread.onSpinWait();
            Thread.yield();
        }
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** For whoever holds it. */
    public void leave() {
        lock.unlock();
    }

    /** For a thread that is no hart, or for one that holds the lock already. */
    public void visit() {
        if (lock.isHeldByCurrentThread()) {
            lock.lock();
            return;
        }
        visitors.incrementAndGet();
        try {
            lock.lock();
        } finally {
            visitors.decrementAndGet();
        }
    }

    /** Gives the lock away until somebody calls {@link #news}; it is held again when this returns. */
    public void await() {
        changed.awaitUninterruptibly();
    }

    /** Lets every thread in {@link #await} look again. The lock is held. */
    public void news() {
        changed.signalAll();
    }

    /** Whether the calling thread holds it. */
    public boolean held() {
        return lock.isHeldByCurrentThread();
    }
}
