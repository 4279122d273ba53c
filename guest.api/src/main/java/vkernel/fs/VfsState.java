package vkernel.fs;

import java.util.List;
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
        int locks) {}
