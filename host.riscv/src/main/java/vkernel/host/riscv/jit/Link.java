package vkernel.host.riscv.jit;

import org.jspecify.annotations.Nullable;

/**
 * A place in a region that calls another: first through the dispatcher's table, then, once the callee is translated,
 * straight. It is a constant of its region's class, and what it leads to a field: to change it costs no compilation,
 * and HotSpot predicts the callee by its profile.
 */
final class Link {
    private final long target;
    private final Code search = new Search();
    private @Nullable Region callee; // guarded by this

    /** What the place runs. Read by regions without a lock: code that was dropped is right, or refuses. */
    Code code = search;

    Link(long target) {
        this.target = target;
    }

    /** What the place does while it is not linked. */
    private final class Search extends Code {
        @Override
        long run(Dispatcher core, long[] regs, int depth) {
            Region region = core.regionAt(target);
            if (region == null) return target;
            set(region);
            return region.code().run(core, regs, depth);
        }
    }

    private synchronized void set(Region region) {
        if (!region.linkedFrom(this)) return;
        callee = region;
        code = region.code();
    }

    /** The callee is dropped. */
    synchronized void reset(Region dropped) {
        if (callee != dropped) return;
        callee = null;
        code = search;
    }
}
