package vkernel.drivers.disk;

import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockRequest;
import vkernel.dev.Disk;

/** Which request meets a fault that was asked for: each n-th of its kind, or by a seed, so that a run repeats. */
final class Faults {
    private static final int SECTOR = 512;
    private static final int PAGE = 4096;

    /** The fault that a new request meets; null for none. */
    static Disk.@Nullable Fault meets(Disk disk, BlockRequest.Kind kind) {
        for (Disk.Fault fault : disk.faults) {
            if (fault.kind == kind && fault.meets()) {
                return fault;
            }
        }
        return null;
    }

    /** Where a transfer is cut in two: between sectors, and between pages if there are several. */
    static int half(BlockRequest request) {
        long[] pages = request.pages;
        int unit = pages != null && pages.length > 1 ? PAGE : SECTOR;
        return request.length / 2 / unit * unit;
    }

    private Faults() {}
}
