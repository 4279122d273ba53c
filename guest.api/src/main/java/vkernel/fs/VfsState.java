package vkernel.fs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import vkernel.kern.Faults;
import vkernel.kern.HardState;
import vkernel.kern.Slot;

/**
 * What the tree of names hands over when its provider changes. Dentries below the mounts are soft.
 *
 * @param mounts in order of mounting, the first root first
 * @param nextMount id of the next mount
 * @param nextDevice minor number of the next file system without a device
 * @param nextTicket the next {@link vkernel.task.Restart#ticket}
 * @param anonymous where files without a name are (pipes, sockets)
 * @param nameless the file system of {@code anonymous}
 * @param pipes what serves pipes and FIFOs
 * @param pipeBytes bytes of all pipe buffers
 * @param locks number of file locks
 */
public record VfsState(
        List<Mount> mounts,
        int nextMount,
        int nextDevice,
        long nextTicket,
        Mount anonymous,
        Slot<FileSystemType> nameless,
        Slot<FileOps> pipes,
        long pipeBytes,
        int locks)
        implements HardState {
    @Override
    public List<String> faults() {
        Faults faults = new Faults();
        faults.expect(anonymous != null && nameless != null && pipes != null, "no place for files without a name")
                .expect(pipeBytes >= 0, "%d bytes in pipes", pipeBytes)
                .expect(locks >= 0, "%d locks", locks)
                .expect(nextTicket > 0 && nextDevice > 0, "tickets or devices begin anew")
                .all("mounts", mounts);
        if (!faults.none()) {
            return faults.list();
        }
        faults.expect(mounts.isEmpty() || mounts.getFirst().point == null, "the first mount is below another");
        Set<Integer> ids = new HashSet<>();
        for (Mount mount : mounts) {
            faults.expect(ids.add(mount.id) && mount.id > 0 && mount.id < nextMount, "mount id %d", mount.id)
                    .expect(mount.opens >= 0, "mount %d has %d open files", mount.id, mount.opens)
                    .expect(
                            mount.writers >= 0 && mount.writers <= mount.opens,
                            "mount %d has %d writers among %d open files",
                            mount.id,
                            mount.writers,
                            mount.opens)
                    .expect(mount.sb != null && mount.root != null, "mount %d has no root", mount.id)
                    .expect(
                            mount.point == null || mount.detached || mounts.contains(mount.point.mount()),
                            "mount %d is nowhere",
                            mount.id);
        }
        return faults.list();
    }
}
