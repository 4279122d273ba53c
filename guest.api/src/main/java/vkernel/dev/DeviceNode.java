package vkernel.dev;

/**
 * A node in /dev.
 *
 * @param name relative to /dev; may have a folder in it
 * @param rdev device number, see {@link vkernel.fs.Mode#device}
 * @param permissions permission bits
 * @param block a block device, else one of characters
 */
public record DeviceNode(String name, long rdev, int permissions, boolean block) {
    /** A character device. */
    public DeviceNode(String name, long rdev, int permissions) {
        this(name, rdev, permissions, false);
    }
}
