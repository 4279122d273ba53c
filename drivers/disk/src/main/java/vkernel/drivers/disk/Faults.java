package vkernel.drivers.disk;

import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockRequest;
import vkernel.dev.Disk;

/** Which request meets a fault that was asked for: each n-th of its kind, so that a run repeats. */
final class Faults {
    /** The fault that a new request meets; null for none. */
    static Disk.@Nullable Fault meets(Disk disk, BlockRequest.Kind kind) {
        for (Disk.Fault fault : disk.faults) {
            if (fault.kind == kind && ++fault.seen % fault.every == 0) {
                fault.met++;
                return fault;
            }
        }
        return null;
    }

    private Faults() {}
}
