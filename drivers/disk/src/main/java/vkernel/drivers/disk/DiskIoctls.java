package vkernel.drivers.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import vkernel.dev.BlockRequest;
import vkernel.dev.Disk;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** ioctl(2) on disks (Linux: block/ioctl.c, include/uapi/linux/fs.h). */
final class DiskIoctls {
    private static final int HDIO_GETGEO = 0x301;
    private static final int BLKROGET = 0x125e;
    private static final int BLKRRPART = 0x125f;
    private static final int BLKGETSIZE = 0x1260;
    private static final int BLKFLSBUF = 0x1261;
    private static final int BLKSSZGET = 0x1268;
    private static final int BLKDISCARD = 0x1277;
    private static final int BLKIOMIN = 0x1278;
    private static final int BLKIOOPT = 0x1279;
    private static final int BLKALIGNOFF = 0x127a;
    private static final int BLKPBSZGET = 0x127b;
    private static final int BLKDISCARDZEROES = 0x127c;
    private static final int BLKROTATIONAL = 0x127e;
    private static final int BLKBSZGET = 0x8008_1270;
    private static final int BLKGETSIZE64 = 0x8008_1272;

    private static final int SECTOR = 512;
    private static final int BLOCK = 4096;

    private final Kernel kernel;
    private final Disks disks;

    DiskIoctls(Kernel kernel, Disks disks) {
        this.kernel = kernel;
        this.disks = disks;
    }

    long call(Task task, OpenFile file, Disk.Part part, int command, long argument, Node node) {
        return switch (command) {
            case BLKGETSIZE64 -> put(task, argument, part.length, 8);
            case BLKGETSIZE -> put(task, argument, part.length / SECTOR, 8);
            case BLKSSZGET -> put(task, argument, SECTOR, 4);
            case BLKBSZGET, BLKPBSZGET, BLKIOMIN -> put(task, argument, BLOCK, 4);
            case BLKIOOPT, BLKALIGNOFF, BLKDISCARDZEROES -> put(task, argument, 0, 4);
            case BLKROTATIONAL -> put(task, argument, 0, 2);
            case BLKROGET -> put(task, argument, disks.readOnly(part.rdev) ? 1 : 0, 4);
            case BLKFLSBUF -> 0; // nothing is kept back
            case BLKRRPART -> reread(task, part);
            case BLKDISCARD -> discard(task, file, part, argument, node);
            case HDIO_GETGEO -> geometry(task, part, argument);
            default -> -Errno.ENOTTY;
        };
    }

    private long put(Task task, long address, long value, int size) {
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        return user(task, address, bytes, size);
    }

    private long user(Task task, long address, byte[] bytes, int size) {
        AddressSpace space = task.memory;
        return space != null && kernel.vm().write(space, address, bytes, 0, size) ? 0 : -Errno.EFAULT;
    }

    private long reread(Task task, Disk.Part part) {
        if (!task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return -Errno.EACCES;
        }
        Disk disk = disks.disk(part.rdev);
        if (disk == null || disk.whole() != part) {
            return -Errno.EINVAL;
        }
        for (Disk.Part other : disk.parts) {
            if (other != part && other.busy() || other.holder != null) {
                return -Errno.EBUSY;
            }
        }
        Partitions.scan(disk);
        return 0;
    }

    private long discard(Task task, OpenFile file, Disk.Part part, long argument, Node node) {
        byte[] range = new byte[16];
        AddressSpace space = task.memory;
        if (space == null || !kernel.vm().read(space, argument, range, 0, 16)) {
            return -Errno.EFAULT;
        }
        ByteBuffer words = ByteBuffer.wrap(range).order(ByteOrder.LITTLE_ENDIAN);
        long start = words.getLong(0);
        long length = words.getLong(8);
        if (!file.writable()) {
            return -Errno.EBADF;
        }
        if ((start | length) % SECTOR != 0 || start < 0 || length < 0 || length > part.length - start) {
            return -Errno.EINVAL;
        }
        int some = (int) Math.min(length, Integer.MAX_VALUE - BLOCK);
        BlockRequest known = file.data instanceof BlockRequest before
                        && before.kind == BlockRequest.Kind.DISCARD
                        && before.position == start
                ? before
                : new BlockRequest(BlockRequest.Kind.DISCARD, part.rdev, start, some, null, null);
        return node.result(task, file, known);
    }

    /** 255 heads and 63 sectors, as for every disk without such things. */
    private long geometry(Task task, Disk.Part part, long argument) {
        byte[] geometry = new byte[16];
        ByteBuffer to = ByteBuffer.wrap(geometry).order(ByteOrder.LITTLE_ENDIAN);
        to.put((byte) 255).put((byte) 63);
        to.putShort((short) Math.min(part.length / SECTOR / (255 * 63), 65535));
        to.putLong(8, part.start / SECTOR);
        return user(task, argument, geometry, geometry.length);
    }
}
