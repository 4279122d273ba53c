package vkernel.guest.fs.vfs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Dentry;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** mount(2) and umount(2) as calls: what is asked for, and whether it may be. */
final class Mounting {
    private static final long MS_RDONLY = 1;
    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;
    private static final long MS_MOVE = 8192;
    private static final long MS_REC = 16384;
    /** MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED: there is one name space, so nothing is passed on. */
    private static final long PROPAGATION = 0xFL << 17;

    private static final long MS_RELATIME = 1 << 21;
    private static final long MS_STRICTATIME = 1 << 24;
    /** Flags that a mount keeps: ro, nosuid, nodev, noexec, nosymfollow, and those of access times. */
    private static final long KEPT = 1 | 2 | 4 | 8 | 256 | 1024 | 2048 | MS_RELATIME | MS_STRICTATIME;

    private static final long MAGIC = 0xC0ED_0000L;
    private static final long MAGIC_MASK = 0xFFFF_0000L;

    private static final int MNT_FORCE = 1;
    private static final int MNT_DETACH = 2;
    private static final int MNT_EXPIRE = 4;
    private static final int UMOUNT_NOFOLLOW = 8;

    private final Tree tree;
    private final MountPoints points;

    Mounting(Tree tree, MountPoints points) {
        this.tree = tree;
        this.points = points;
    }

    long mount(@Nullable Task task, String source, Path point, String type, long flags, String options) {
        if (task != null && !task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return -Errno.EPERM;
        }
        long asked = (flags & MAGIC_MASK) == MAGIC ? flags & ~MAGIC_MASK : flags;
        if ((asked & MS_REMOUNT) != 0) {
            return remount(point, asked, options);
        }
        if ((asked & MS_BIND) != 0) {
            return bind(task, source, point, (asked & MS_REC) != 0);
        }
        if ((asked & PROPAGATION) != 0) {
            return point.dentry() == point.mount().root ? 0 : -Errno.EINVAL;
        }
        if ((asked & MS_MOVE) != 0) {
            return move(task, source, point);
        }
        if (!point.inode().directory()) {
            return -Errno.ENOTDIR;
        }
        Result<SuperBlock> sb = points.superBlock(type, source, options, (asked & MS_RDONLY) != 0);
        if (!sb.ok()) {
            return sb.error();
        }
        return points.attach(sb.value(), new Dentry(null, "/", sb.value().root()), point, kept(asked));
    }

    private static long kept(long flags) {
        boolean times = (flags & (Times.MS_NOATIME | MS_STRICTATIME)) != 0;
        return flags & KEPT | (times ? 0 : MS_RELATIME);
    }

    private long remount(Path point, long flags, String options) {
        Mount mount = point.mount();
        if (point.dentry() != mount.root) {
            return -Errno.EINVAL;
        }
        if ((flags & MS_RDONLY) != 0 && mount.writers > 0) {
            return -Errno.EBUSY;
        }
        long error = (flags & MS_BIND) != 0 ? 0 : mount.sb.fs().remount(mount.sb, options);
        if (error == 0) {
            mount.flags = kept(flags);
        }
        return error;
    }

    private Result<Path> source(@Nullable Task task, String source) {
        if (task == null) {
            return Result.error(-Errno.EINVAL);
        }
        return new Walk(tree, task, task.fs.cwd).all(source, Vfs.FOLLOW);
    }

    private long bind(@Nullable Task task, String source, Path point, boolean recursive) {
        Result<Path> found = source(task, source);
        if (!found.ok()) {
            return found.error();
        }
        Path from = found.value();
        List<Mount> before = List.copyOf(tree.mounts);
        long error = points.attach(from.mount().sb, from.dentry(), point, from.mount().flags);
        return error == 0 && recursive ? copyAbove(before, from.mount(), from.dentry(), tree.mounts.getLast()) : error;
    }

    /** Mounts again on {@code copy} what is mounted on {@code mount} at a place or below it. */
    private long copyAbove(List<Mount> before, Mount mount, Dentry below, Mount copy) {
        for (Mount child : before) {
            Path at = child.point;
            if (at == null || at.mount() != mount || !Renames.within(at.dentry(), below)) {
                continue;
            }
            long error = points.attach(child.sb, child.root, new Path(copy, at.dentry()), child.flags);
            if (error == 0) {
                error = copyAbove(before, child, child.root, tree.mounts.getLast());
            }
            if (error != 0) {
                return error;
            }
        }
        return 0;
    }

    private long move(@Nullable Task task, String source, Path point) {
        Result<Path> found = source(task, source);
        if (!found.ok()) {
            return found.error();
        }
        Mount mount = found.value().mount();
        if (found.value().dentry() != mount.root || mount.point == null) {
            return -Errno.EINVAL;
        }
        for (Path at = point; at != null; at = at.mount().point) {
            if (at.mount() == mount) {
                return -Errno.ELOOP;
            }
        }
        if (mount.root.inode().directory() != point.inode().directory()) {
            return -Errno.ENOTDIR;
        }
        points.moveTo(mount, point);
        return 0;
    }

    long umount(Task task, Path root, int flags) {
        boolean expires = (flags & MNT_EXPIRE) != 0;
        if ((flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW)) != 0
                || expires && (flags & (MNT_FORCE | MNT_DETACH)) != 0) {
            return -Errno.EINVAL;
        }
        if (!task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return -Errno.EPERM;
        }
        Mount mount = root.mount();
        if (root.dentry() != mount.root || mount.detached) {
            return -Errno.EINVAL;
        }
        if (mount.point == null) {
            return -Errno.EBUSY; // the first root stays
        }
        if ((flags & MNT_DETACH) == 0 && (points.hasChildren(mount) || points.busy(mount))) {
            return -Errno.EBUSY;
        }
        if (expires && !unvisited(mount)) {
            return -Errno.EAGAIN;
        }
        points.detach(mount);
        return 0;
    }

    /** Marks a mount. @return whether it was, and nobody but this call has been there since */
    private static boolean unvisited(Mount mount) {
        boolean alone = mount.marked >= 0 && mount.visits == mount.marked + 1;
        mount.marked = alone ? -1 : mount.visits;
        return alone;
    }

    Result<Path> mountRoot(String type, String options) {
        Result<SuperBlock> made = points.superBlock(type, "root", options, false);
        if (!made.ok()) {
            return made.failure();
        }
        SuperBlock sb = made.value();
        Dentry root = new Dentry(null, "/", sb.root());
        long error = points.attach(sb, root, null, MS_RELATIME);
        return error == 0 ? Result.of(new Path(tree.mounts.getLast(), root)) : Result.error(error);
    }
}
