package vkernel.kern;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock of the whole kernel. Harts take and give it at every trap; others (the shell, the launcher) take it now and
 * then, and would starve behind busy harts: harts let them go first. It outlives the code that runs the kernel.
 */
public final class KernelLock {
    /** Tries before a hart parks: a trap handler is shorter than a park. */
    private static final int SPINS = 200;

    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(KernelLock.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A lock that says who has it: to whom a handler that does not end belongs. */
    private static final class Owned extends ReentrantLock {
        private static final long serialVersionUID = 1L;

        @Override
        protected @Nullable Thread getOwner() {
            return super.getOwner();
        }
    }

    private final Owned lock = new Owned();
    /** How often it was taken; guarded by itself, and read by a watchdog, to whom an old value does no harm. */
    private long taken;

    private final Condition changed = lock.newCondition();
    private final AtomicInteger visitors = new AtomicInteger();

    /** For a hart. */
    public void enter() {
        acquire();
        TAKEN.setOpaque(this, taken + 1);
    }

    private void acquire() {
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
            TAKEN.setOpaque(this, taken + 1);
        } finally {
            visitors.decrementAndGet();
        }
    }

    /** A handler was torn out of whatever it did: what it took the lock for besides is given back. */
    public void unwind() {
        while (lock.getHoldCount() > 1) {
            lock.unlock();
        }
    }

    /** Who has it; null when nobody has. Any thread. */
    public @Nullable Thread owner() {
        return lock.getOwner();
    }

    /** How often it was taken. Any thread. */
    public long taken() {
        return (long) TAKEN.getOpaque(this);
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
