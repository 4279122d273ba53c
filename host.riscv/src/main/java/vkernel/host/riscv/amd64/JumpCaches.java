package vkernel.host.riscv.amd64;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.host.engine.Tlb;

/** A hart's caches of jumps, one for each TLB that it used of late. Hart thread only. */
final class JumpCaches {
    /** TLBs that have one, see the host's pool. */
    private static final int COUNT = 8;

    private final @Nullable JumpCache[] caches = new @Nullable JumpCache[COUNT];
    private int next;

    /** The cache of a TLB, without what is not true any more. */
    JumpCache of(Tlb tlb) {
        for (JumpCache one : caches) {
            if (one != null && one.tlb == tlb) return one;
        }
        JumpCache fresh = new JumpCache(tlb);
        caches[next++ % COUNT] = fresh;
        return fresh;
    }

    /** Forgets all. */
    void clear() {
        Arrays.stream(caches).filter(Objects::nonNull).forEach(JumpCache::clear);
    }
}
