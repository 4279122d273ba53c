package vkernel.dev;

import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import vkernel.fs.FileOps;

/** A driver of character devices. An OSGi service with the property {@code device}, its name. */
@ConsumerType
public interface CharDevice extends FileOps {
    /** {@code console}, {@code mem}, …: the value of the property {@code device}. */
    String name();

    /** The nodes that /dev shall show. May change; /dev asks each time. */
    List<DeviceNode> nodes();

    /** Whether a device number is this driver's. */
    default boolean serves(long rdev) {
        return nodes().stream().anyMatch(node -> node.rdev() == rdev);
    }

    /** The pseudo-terminals that /dev/pts shall show, by number. */
    default Collection<Pty> ptys() {
        return List.of();
    }
}
