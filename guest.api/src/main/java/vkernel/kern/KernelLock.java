package vkernel.kern;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock of the whole kernel. Harts take and give it at most traps; others (the shell, the launcher) take it now and
 * then, and would starve behind busy harts: harts let them go first. It outlives the code that runs the kernel.
 *
 * <p>For traps that concern one task alone a hart can {@link #share} it instead (Linux: percpu_rw_semaphore): harts that
 * share do not wait for each other, and whoever has the lock is alone, as without them.
 */
public final class KernelLock {
    /** Tries before a hart lets others of the machine go first. */
    private static final int SPINS = 200;
    /** How often it does before it parks: most trap handlers, an execve(2) even, are shorter than a park. */
    private static final int YIELDS = 50;

    /** How often who waits for it looks whether that is in vain, milliseconds. */
    private static final long LOOK = 500;

    private static final String GIVEN_UP = "the kernel's lock is never given back";

    private static final VarHandle TAKEN;
    private static final VarHandle INSIDE = MethodHandles.arrayElementVarHandle(int[].class);

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
    /** Who may share it; written with the lock held. */
    private volatile Sharer[] sharers = {};
    /** For whom the owner waits. */
    private volatile @Nullable Sharer awaited;

    private final AtomicInteger visitors = new AtomicInteger();
    /** Who has it will not give it back. */
    private volatile boolean abandoned;

    /** A hart's part in the lock. */
    public static final class Sharer {
        /** Of ints: two lines of a cache, since processors fetch them in pairs. */
        private static final int APART = 32;

        private final Thread thread;
        /**
         * In the middle, away from what other harts write: whether the hart shares the lock. Written by it, and read by
         * whoever has just got the lock (Dekker).
         */
        private final int[] inside = new int[2 * APART];

        private Sharer(Thread thread) {
            this.thread = thread;
        }

        private boolean inside() {
            return (int) INSIDE.getVolatile(inside, APART) != 0;
        }

        private void enter() {
            INSIDE.setVolatile(inside, APART, 1);
        }

        private void leave() {
            INSIDE.setRelease(inside, APART, 0);
        }
    }

    /** From now on the calling thread may share the lock, which it holds. */
    public Sharer sharer() {
        Sharer fresh = new Sharer(Thread.currentThread());
        Sharer[] more = Arrays.copyOf(sharers, sharers.length + 1);
        more[sharers.length] = fresh;
        sharers = more;
        return fresh;
    }

    /** It will share the lock no more. The lock is held. */
    public void forget(Sharer gone) {
        sharers = Arrays.stream(sharers).filter(sharer -> sharer != gone).toArray(Sharer[]::new);
    }

    /**
     * For a hart without the lock: nobody has it, nor gets it, until {@link #unshare}. What is done meanwhile is short,
     * and takes no lock.
     *
     * @return false when somebody has it or waits for it
     */
    public boolean share(Sharer hart) {
        for (int i = 0; i < SPINS + YIELDS && visitors.get() == 0; i++) {
            if (!lock.isLocked()) {
                hart.enter();
                if (!lock.isLocked()) {
                    return true;
                }
                hart.leave();
            }
            pause(i);
        }
        return false;
    }

    private static void pause(int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    public void unshare(Sharer hart) {
        hart.leave();
    }

    /** Waits until those have ended who share the lock that is held now; others do not begin. */
    private void quiesce() {
        for (Sharer sharer : sharers) {
            for (int i = 0; sharer.inside(); i++) {
                if (i < SPINS) {
                    Thread.onSpinWait();
                } else {
                    awaited = sharer;
                    Thread.yield();
                }
            }
        }
        if (awaited != null) {
            awaited = null;
        }
    }

    /** For a hart. */
    public void enter() {
        acquire();
        quiesce();
        TAKEN.setOpaque(this, taken + 1);
    }

    private void acquire() {
        while (visitors.get() > 0) {
            Thread.onSpinWait();
            Thread.yield();
        }
        for (int i = 0; i < SPINS + YIELDS; i++) {
            if (!lock.isLocked() && lock.tryLock()) {
                return;
            }
            pause(i);
        }
        lock.lock();
    }

    /** For whoever holds it. */
    public void leave() {
        lock.unlock();
    }

    /**
     * For a thread that is no hart, or for one that holds the lock already.
     *
     * @throws IllegalStateException when it is not to be had any more, ever
     */
    public void visit() {
        if (lock.isHeldByCurrentThread()) {
            lock.lock();
            return;
        }
        visitors.incrementAndGet();
        try {
            acquireUnlessAbandoned();
            quiesce();
            TAKEN.setOpaque(this, taken + 1);
        } finally {
            visitors.decrementAndGet();
        }
    }

    private void acquireUnlessAbandoned() {
        boolean interrupted = false;
        boolean got = lock.tryLock();
        while (!got) {
            if (abandoned) {
                throw new IllegalStateException(GIVEN_UP);
            }
            try {
                got = lock.tryLock(LOOK, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** For a thread that is no hart: takes it if that is a matter of moments. */
    boolean tryVisit() {
        if (lock.isHeldByCurrentThread() || abandoned || !lock.tryLock()) {
            return false;
        }
        for (Sharer sharer : sharers) {
            for (int i = 0; i < SPINS && sharer.inside(); i++) {
                Thread.onSpinWait();
            }
            if (sharer.inside()) {
                lock.unlock();
                return false;
            }
        }
        TAKEN.setOpaque(this, taken + 1);
        return true;
    }

    /** From now on whoever waits for it from outside is told that it is in vain: its owner never gives it back. */
    void abandon() {
        abandoned = true;
    }

    /** A handler was torn out of whatever it did: what it took the lock for besides is given back. */
    public void unwind() {
        while (lock.getHoldCount() > 1) {
            lock.unlock();
        }
    }

    /** Who has it, or keeps its owner waiting by sharing it; null when nobody has. Any thread. */
    public @Nullable Thread owner() {
        Sharer sharer = awaited;
        return sharer == null ? lock.getOwner() : sharer.thread;
    }

    /**
     * Whether the calling thread has it, or shares it, and nobody has taken it since.
     *
     * @param count of {@link #taken} then
     */
    public boolean still(long count) {
        if (taken() != count) {
            return false;
        }
        if (lock.isHeldByCurrentThread()) {
            return true;
        }
        for (Sharer sharer : sharers) {
            if (sharer.thread == Thread.currentThread()) {
                return sharer.inside();
            }
        }
        return false;
    }

    /** How often it was taken. Any thread. */
    public long taken() {
        return (long) TAKEN.getOpaque(this);
    }

    /** Gives the lock away until somebody calls {@link #news}; it is held again when this returns. */
    public void await() {
        changed.awaitUninterruptibly();
        quiesce();
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
