package vkernel.dev;

import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import vkernel.fs.FileOps;

/**
 * A driver of devices: of characters, or of blocks if it is {@link BlockDevices}. An OSGi service with the property
 * {@code device}, its name. The two kinds have numbers of their own: 254:0 is a clock as characters, a disk as blocks.
 */
@ConsumerType
public interface CharDevice extends FileOps {
    /** {@code console}, {@code mem}, …: the value of the property {@code device}. */
    String name();

    /** The nodes that /dev shall show. May change; /dev asks each time. */
    List<DeviceNode> nodes();

    /** Whether a device number of a kind is this driver's. */
    default boolean serves(long rdev, boolean block) {
        return nodes().stream().anyMatch(node -> node.rdev() == rdev && node.block() == block);
    }

    /** The pseudo-terminals that /dev/pts shall show, by number. */
    default Collection<Pty> ptys() {
        return List.of();
    }
}
