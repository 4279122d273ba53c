package vkernel.dev;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Disks, for file systems and for who looks at them: the service of drivers/disk, in the slot {@code dev.disk}. Kernel
 * lock held.
 */
@ProviderType
public interface BlockDevices extends CharDevice, Pluggable {
    /** Those that are plugged in, by index. */
    List<Disk> disks();

    /** The disk or partition of a number; null when there is none. */
    Disk.@Nullable Part part(long rdev);

    /** Whether a disk or partition may be written. */
    boolean readOnly(long rdev);

    /**
     * Takes a disk or partition for oneself.
     *
     * @param holder shown to who asks why it is in use
     * @return 0, -ENXIO, -EROFS, -EBUSY
     */
    long claim(long rdev, boolean write, String holder);

    /** Gives it back. */
    void unclaim(long rdev);

    /**
     * Begins a request. Its end is told by {@link BlockRequest#done} and its client; in virtual time it may have its result
     * already. A bad one has its error as the result.
     */
    void submit(BlockRequest request);
}
