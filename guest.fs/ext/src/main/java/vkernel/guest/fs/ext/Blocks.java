package vkernel.guest.fs.ext;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockRequest;
import vkernel.dev.CharDevice;
import vkernel.fs.Volume;
import vkernel.kern.Errno;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** The file system's own blocks in memory (Linux: the buffer cache). What was changed is the volume's; the rest is soft. */
final class Blocks {
    /** Bytes of unchanged blocks that are kept. */
    private static final int KEPT = 32 << 20;
    /** Blocks read behind one that is wanted, for what lies together is wanted together. */
    private static final int AHEAD = 4;

    private final Volume volume;
    private final Layout layout;
    private final Slot<CharDevice> device;
    private final Map<Long, byte[]> clean = new LinkedHashMap<>(1024, 0.75f, true);
    private final Map<Long, BlockRequest> coming = new HashMap<>();
    /** Those whose checksum has been looked at, by identity of the block's contents: it is looked at once. */
    private final Map<Long, byte[]> verified = new HashMap<>();

    Blocks(Volume volume, Layout layout, Slot<CharDevice> device) {
        this.volume = volume;
        this.layout = layout;
        this.device = device;
    }

    /** A block as it is now; not to be changed. @throws Halt when it must be read first */
    byte[] get(long block) throws Halt {
        byte[] bytes = volume.running.get(block);
        if (bytes == null) {
            bytes = volume.committing.get(block);
        }
        if (bytes == null) {
            bytes = clean.get(block);
        }
        if (bytes == null) {
            bytes = arrived(block);
        }
        return bytes;
    }

    private byte[] arrived(long block) throws Halt {
        if (block < 0 || block >= layout.blocks) {
            throw Halt.damaged("block %d is wanted of %d", block, layout.blocks);
        }
        BlockRequest request = coming.get(block);
        if (request == null || request.pending()) {
            throw Halt.missing(block);
        }
        coming.remove(block);
        byte[] bytes = request.bytes;
        if (request.result < 0 || bytes == null) {
            throw Halt.error(Errno.EIO);
        }
        keep(block, bytes);
        return bytes;
    }

    /**
     * Whether a checksum in a block still has to be looked at, until {@link #verified}. What we have changed is right.
     *
     * @param what the block's number, or another of what is in it
     */
    boolean unverified(long what, long block, byte[] bytes) {
        return !volume.running.containsKey(block)
                && !volume.committing.containsKey(block)
                && verified.get(what) != bytes;
    }

    /** A checksum in a block is right. */
    void verified(long what, byte[] bytes) {
        verified.put(what, bytes);
    }

    void keep(long block, byte[] bytes) {
        clean.put(block, bytes);
        while ((long) clean.size() * layout.blockSize > KEPT) {
            Long oldest = clean.keySet().iterator().next();
            clean.remove(oldest);
            verified.remove(oldest);
        }
    }

    void forget(long block) {
        clean.remove(block);
        verified.remove(block);
        coming.remove(block);
    }

    /**
     * Sees to it that a block comes.
     *
     * @param task who can wait for it; null when nobody can, and the disk is waited for
     * @return whether it is here; else the task waits
     */
    boolean bring(@Nullable Task task, long block) {
        BlockRequest wanted = read(block);
        for (long next = block + 1; next <= block + AHEAD && next < layout.blocks; next++) {
            if (!known(next)) {
                read(next);
            }
        }
        if (wanted.pending() && task != null) {
            task.waitOn(wanted.done);
            return false;
        }
        wanted.await();
        return true;
    }

    private boolean known(long block) {
        return volume.running.containsKey(block)
                || volume.committing.containsKey(block)
                || clean.containsKey(block)
                || coming.containsKey(block);
    }

    private BlockRequest read(long block) {
        return coming.computeIfAbsent(block, number -> {
            byte[] bytes = new byte[layout.blockSize];
            BlockRequest request =
                    BlockRequest.of(BlockRequest.Kind.READ, volume.rdev, number * layout.blockSize, bytes);
            Commits.submit(device, request);
            return request;
        });
    }
}
