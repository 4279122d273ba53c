package vkernel.host.sim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import vkernel.host.HostException;
import vkernel.host.Padded;

/**
 * A vmspace. Its monitor makes the kernel's calls on it one at a time; harts that run in it read {@link #regions}
 * without.
 */
final class Space extends Padded {
    private static final VarHandle RUNNERS;
    private static final VarHandle HARTS;
    private static final int DEAD = -1;

    static {
        try {
            RUNNERS = MethodHandles.lookup().findVarHandle(Space.class, "runners", int.class);
            HARTS = MethodHandles.lookup().findVarHandle(Space.class, "harts", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final int id;
    /** Walks for the kernel's copies. Guarded by this. */
    final Walker walker;

    private volatile Regions regions = Regions.NONE; // written under this
    private volatile int runners; // harts that run in it, or DEAD
    private volatile long harts; // bit for each hart whose TLB pool holds it

    Space(int id, Walker walker) {
        this.id = id;
        this.walker = walker;
    }

    Regions regions() {
        return regions;
    }

    void regions(Regions changed) {
        regions = changed;
    }

    /** A hart starts running in it. @throws HostException {@code ABSENT} when it was destroyed meanwhile */
    void enter() {
        int now;
        do {
            now = runners;
            if (now == DEAD) throw new HostException(HostException.Reason.ABSENT, "no vmspace " + id);
        } while (!RUNNERS.compareAndSet(this, now, now + 1));
    }

    void leave() {
        RUNNERS.getAndAdd(this, -1);
    }

    /** Marks it destroyed. @return false when a hart runs in it */
    boolean die() {
        return RUNNERS.compareAndSet(this, 0, DEAD);
    }

    /** Notes that a hart's TLB pool holds it, before the hart walks any of its tables. */
    void cachedBy(int hart) {
        HARTS.getAndBitwiseOr(this, 1L << hart);
    }

    void droppedBy(int hart) {
        HARTS.getAndBitwiseAnd(this, ~(1L << hart));
    }

    /** Bits of the harts that may hold translations of it. */
    long harts() {
        return harts;
    }
}
