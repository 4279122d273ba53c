package vkernel.guest.linux.mem;

import static vkernel.kern.Errno.EBUSY;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EISDIR;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENXIO;
import static vkernel.kern.Errno.EPERM;

import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockDevices;
import vkernel.dev.CharDevice;
import vkernel.dev.Disk;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Path;
import vkernel.guest.linux.file.Places;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Credentials;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.SwapArea;
import vkernel.vm.SwapPlace;

/**
 * swapon(2), swapoff(2): of disks, partitions and files on them that mkswap(8) has prepared; and of block files of the
 * machine by their names, as they are.
 */
public final class SwapCalls implements CallGroup {
    private static final int PRIORITY = 0x7fff;
    private static final int PREFER = 0x8000;
    /** SWAP_FLAG_DISCARD, _ONCE, _PAGES: nothing is gained here by telling a disk what is not wanted. */
    private static final int DISCARD = 0x70000;
    /** Pages that come back at a time. */
    private static final int BATCH = 64;

    private static final int PAGE_SHIFT = 12;

    private final Kernel kernel;
    private final User user;
    private final Places places;
    /** Always awake: a swapoff that is not done is made again. */
    private final WaitQueue again = new WaitQueue();

    public SwapCalls(Kernel kernel, User user, Places places) {
        this.kernel = kernel;
        this.user = user;
        this.places = places;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.SWAPON, "files on ext only; SWAP_FLAG_DISCARD changes nothing");
        table.full(this, Nr.SWAPOFF);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SWAPON -> swapon(task, a0, (int) a1);
            case Nr.SWAPOFF -> swapoff(task, a0);
            default -> throw Table.unclaimed(call);
        };
    }

    private long swapon(Task task, long va, int flags) {
        if (!task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        if ((flags & ~(PRIORITY | PREFER | DISCARD)) != 0) {
            return -EINVAL;
        }
        Result<Path> place = places.at(task, va, true);
        if (!place.ok()) {
            Result<String> name = place.error() == -ENOENT ? name(task, va) : place.failure();
            return name.ok() ? kernel.vm().swapOn(name.value()) : name.error();
        }
        Inode inode = place.value().inode();
        int priority = (flags & PREFER) != 0 ? flags & PRIORITY : -1;
        return switch (inode.type()) {
            case Mode.S_IFBLK -> disk(inode, priority);
            case Mode.S_IFREG -> file(user.path(task, va).value(), inode, priority);
            case Mode.S_IFDIR -> -EISDIR;
            default -> -EINVAL;
        };
    }

    private long disk(Inode node, int priority) {
        BlockDevices disks = disks(node.rdev);
        Disk.Part part = disks == null ? null : disks.part(node.rdev);
        if (disks == null || part == null) {
            return -ENXIO;
        }
        long claimed = disks.claim(part.rdev, true, "swap");
        if (claimed != 0) {
            return claimed;
        }
        long[] starts = {0};
        long[] from = {part.start};
        long pages = part.length >>> PAGE_SHIFT;
        AutoCloseable file = file(disks, part.rdev);
        long error = kernel.vm()
                .swapOn(new SwapPlace("/dev/" + part.name, file, starts, from, pages, priority, part.rdev, null));
        if (error != 0) {
            disks.unclaim(part.rdev);
        }
        return error;
    }

    private long file(String path, Inode inode, int priority) {
        if (inode.swap) {
            return -EBUSY;
        }
        BlockDevices disks = disks(inode.sb.device);
        Disk.Part part = disks == null ? null : disks.part(inode.sb.device);
        long @Nullable [][] runs = part == null ? null : inode.sb.fs().places(inode);
        if (disks == null || part == null || runs == null) {
            return -EINVAL; // it has holes, or lies on no disk
        }
        long[] starts = new long[runs.length];
        long[] from = new long[runs.length];
        long pages = 0;
        for (int i = 0; i < runs.length; i++) {
            starts[i] = pages;
            from[i] = part.start + runs[i][0];
            pages += runs[i][1] >>> PAGE_SHIFT;
        }
        AutoCloseable file = file(disks, part.rdev);
        long error = kernel.vm().swapOn(new SwapPlace(path, file, starts, from, pages, priority, part.rdev, inode));
        if (error == 0) {
            inode.swap = true;
            inode.opens++;
        }
        return error;
    }

    private static AutoCloseable file(BlockDevices disks, long rdev) {
        for (Disk disk : disks.disks()) {
            for (Disk.Part part : disk.parts) {
                if (part.rdev == rdev && disk.file instanceof AutoCloseable file) {
                    return file;
                }
            }
        }
        throw new IllegalStateException("a part without its disk");
    }

    private @Nullable BlockDevices disks(long rdev) {
        Slot<CharDevice> device = kernel.device(rdev, true);
        return device != null && device.orNull() instanceof BlockDevices disks ? disks : null;
    }

    private long swapoff(Task task, long va) {
        if (!task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        Result<String> name = name(task, va);
        if (!name.ok()) {
            return name.error();
        }
        Result<Path> place = places.at(task, va, true);
        if (!place.ok() && kernel.vm().swap().stream().noneMatch(of -> of.name.equals(name.value()))) {
            return place.error();
        }
        SwapArea area = place.ok() ? area(place.value().inode()) : null;
        long left = kernel.vm().swapOff(area == null ? name.value() : area.name, BATCH);
        if (left <= 0) {
            if (left == 0 && area != null) {
                givenUp(area);
            }
            return left == -EINVAL && !place.ok() ? place.error() : left;
        }
        task.waitOn(again);
        kernel.wake(again);
        return Kernel.BLOCKED;
    }

    private @Nullable SwapArea area(Inode inode) {
        for (SwapArea area : kernel.vm().swap()) {
            boolean same = inode.type() == Mode.S_IFBLK
                    ? area.place.inode() == null && area.place.rdev() == inode.rdev && inode.rdev != 0
                    : area.place.inode() == inode;
            if (same) {
                return area;
            }
        }
        return null;
    }

    private void givenUp(SwapArea area) {
        Inode inode = area.place.inode();
        BlockDevices disks = disks(area.place.rdev());
        if (inode != null) {
            inode.swap = false;
            if (--inode.opens == 0 && inode.nlink == 0) {
                inode.sb.fs().evict(inode);
            }
        } else if (disks != null) {
            disks.unclaim(area.place.rdev());
        }
    }

    /** The last part of a path: perhaps the name of a block file of the machine. */
    private Result<String> name(Task task, long va) {
        Result<String> path = user.path(task, va);
        return path.ok() ? Result.of(path.value().substring(path.value().lastIndexOf('/') + 1)) : path;
    }
}
