package vkernel.host.sim;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import vkernel.host.engine.Hart;

/**
 * Makes harts forget translations before it returns (Linux: flush_tlb_others). Who waits and is itself a hart inside
 * {@code run} serves its own queue meanwhile, so that two harts that shoot at each other both go on.
 */
final class Shootdown {
    private static final int SPINS = 256;

    private Core[] cores = {}; // set once, before the machine is published

    void cores(Core[] all) {
        cores = all;
    }

    /** No hart uses a translation of the range when it returns. */
    void pages(Space space, long va, long length) {
        VarHandle.fullFence(); // the page table was written before we look who has read it
        long harts = space.harts();
        for (Core core : cores) {
            if (holds(harts, core)) core.post(space, va, length);
        }
        finish(harts);
    }

    /** No hart has a write translation when it returns that it had when it was called. */
    void writes() {
        for (Core core : cores) core.postWrites();
        finish(-1L);
    }

    /** Every hart that is inside {@code run} leaves it once. Not for a hart's own use. */
    void leave() {
        for (Core core : cores) {
            long before = core.switches();
            if ((before & 1) == 0) continue; // outside
            core.hart.interrupt();
            for (int spins = 0; core.switches() == before; spins++) pause(spins);
        }
    }

    private void finish(long harts) {
        Core self = self();
        for (Core core : cores) {
            if (holds(harts, core) && core.running()) core.hart.ask(Hart.FLUSH);
        }
        for (Core core : cores) {
            if (holds(harts, core)) await(core, self);
        }
    }

    private static boolean holds(long harts, Core core) {
        return (harts >>> core.hart.id & 1) != 0;
    }

    private static void await(Core core, @Nullable Core self) {
        long post = core.posted();
        for (int spins = 0; !core.answered(post); spins++) {
            if (self != null) self.serve();
            pause(spins);
        }
    }

    private static void pause(int spins) {
        if (spins < SPINS) Thread.onSpinWait();
        else Thread.yield();
    }

    /** The hart that the calling thread is, or null outside {@code run}. */
    private @Nullable Core self() {
        Thread caller = Thread.currentThread();
        for (Core core : cores) {
            if (core.runsIn(caller)) return core;
        }
        return null;
    }
}
