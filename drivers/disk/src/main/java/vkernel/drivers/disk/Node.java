package vkernel.drivers.disk;

import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockRequest;
import vkernel.dev.BlockRequest.Kind;
import vkernel.dev.Disk;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/**
 * /dev/vda and the like as files: what is read and written goes to the disk at once (Linux: block/fops.c, as with
 * O_DIRECT, but of any alignment). A call that waits leaves its request in the open file, by which it knows its result
 * when it is made again.
 */
final class Node {
    private static final int MOST = 1 << 17;

    private final Kernel kernel;
    private final Disks disks;
    private final DiskIoctls ioctls;

    Node(Kernel kernel, Disks disks) {
        this.kernel = kernel;
        this.disks = disks;
        ioctls = new DiskIoctls(kernel, disks);
    }

    private Disk.@Nullable Part part(OpenFile file) {
        return disks.part(file.inode().rdev);
    }

    long open(OpenFile file) {
        Disk.Part part = part(file);
        if (part == null) {
            return -Errno.ENXIO;
        }
        if (file.writable() && disks.readOnly(part.rdev)) {
            return -Errno.EROFS;
        }
        if ((file.flags & Mode.O_EXCL) != 0) {
            long claimed = disks.claim(part.rdev, file.writable(), "open for one alone (O_EXCL)");
            if (claimed != 0) {
                return claimed;
            }
            part.exclusive = file;
        }
        part.opens++;
        return 0;
    }

    void release(OpenFile file) {
        Disk.Part part = part(file);
        if (part != null) {
            part.opens--;
            if (part.exclusive == file) {
                part.exclusive = null;
                disks.unclaim(part.rdev);
            }
        }
    }

    long read(Task task, OpenFile file, IoBuffer to, long position) {
        Disk.Part part = part(file);
        if (part == null) {
            return -Errno.ENXIO;
        }
        int length = Math.clamp(Math.min(to.remaining(), part.length - position), 0, MOST);
        if (length == 0) {
            return 0;
        }
        BlockRequest request = underWay(file, Kind.READ, position, length);
        if (request == null) {
            request = BlockRequest.of(Kind.READ, part.rdev, position, new byte[length]);
        }
        long result = result(task, file, request);
        byte[] bytes = request.bytes;
        if (result != 0 || bytes == null) {
            return result;
        }
        int moved = to.put(bytes, 0, length);
        return moved == 0 ? -Errno.EFAULT : moved;
    }

    long write(Task task, OpenFile file, IoBuffer from, long position) {
        Disk.Part part = part(file);
        if (part == null) {
            return -Errno.ENXIO;
        }
        int length = Math.clamp(Math.min(from.remaining(), part.length - position), 0, MOST);
        if (length == 0) {
            return from.remaining() == 0 ? 0 : -Errno.ENOSPC;
        }
        BlockRequest request = underWay(file, Kind.WRITE, position, length);
        if (request == null) {
            byte[] bytes = new byte[length];
            if (from.get(bytes, 0, length) < length) {
                return -Errno.EFAULT;
            }
            request = BlockRequest.of(Kind.WRITE, part.rdev, position, bytes);
        }
        long result = result(task, file, request);
        return result == 0 ? length : result;
    }

    long sync(Task task, OpenFile file) {
        BlockRequest request = underWay(file, Kind.FLUSH, 0, 0);
        return result(task, file, request == null ? BlockRequest.flush(file.inode().rdev) : request);
    }

    /** The request of a call that is made again. */
    private static @Nullable BlockRequest underWay(OpenFile file, Kind kind, long position, int length) {
        return file.data instanceof BlockRequest request
                        && request.kind == kind
                        && request.position == position
                        && request.length == length
                ? request
                : null;
    }

    /** @return 0, BLOCKED or -errno */
    long result(Task task, OpenFile file, BlockRequest request) {
        if (file.data != request) {
            if (file.data instanceof BlockRequest other && other.pending()) {
                task.waitOn(other.done);
                return Kernel.BLOCKED;
            }
            file.data = request;
            disks.submit(request);
        }
        if (request.pending()) {
            task.waitOn(request.done);
            return Kernel.BLOCKED;
        }
        file.data = null;
        return request.result;
    }

    long ioctl(Task task, OpenFile file, int command, long argument) {
        Disk.Part part = part(file);
        return part == null ? -Errno.ENXIO : ioctls.call(task, file, part, command, argument, this);
    }
}
