package vkernel.dev;

import java.util.List;
import java.util.SortedMap;
import vkernel.kern.Faults;
import vkernel.kern.HardState;

/**
 * What drivers/disk hands to its successor. No request is with the host then.
 *
 * @param disks by index
 * @param finished requests that are done and not told yet
 */
public record DiskState(SortedMap<Integer, Disk> disks, List<BlockRequest> finished) implements HardState {
    @Override
    public List<String> faults() {
        Faults faults = new Faults().all("disks", disks).all("finished requests", finished);
        if (!faults.none()) {
            return faults.list();
        }
        disks.forEach((index, disk) -> faults.expect(index == disk.index, "disk %d at %d", disk.index, index)
                .expect(disk.inFlight == 0, "disk %d has %d requests under way", disk.index, disk.inFlight)
                .expect(!disk.parts.isEmpty(), "disk %d is nothing", disk.index));
        for (BlockRequest request : finished) {
            faults.expect(!request.pending(), "a request at %d is not done", request.position);
        }
        return faults.list();
    }
}
