package vkernel.guest.fs.vfs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Dentry;
import vkernel.fs.FileSystemType;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** The mounts and what is on them: attaching, detaching, in use or not (Linux: fs/namespace.c). */
final class MountPoints {
    /** Most mounts (fs.mount-max). */
    private static final int MAX_MOUNTS = 4096;

    private final Tree tree;

    MountPoints(Tree tree) {
        this.tree = tree;
    }

    /** Makes a file system's instance. One that lies on a device is told whether it may write. */
    Result<SuperBlock> superBlock(String type, String source, String options, boolean readOnly) {
        Slot<FileSystemType> slot = tree.kernel.fileSystem(type);
        FileSystemType fs = slot == null ? null : slot.orNull();
        if (slot == null || fs == null) {
            return Result.error(-Errno.ENODEV);
        }
        String all = readOnly && !fs.nodev() ? options.isEmpty() ? "ro" : options + ",ro" : options;
        return fs.mount(slot, tree.newDevice(), source, all);
    }

    /** Puts a file system, or what is seen of it from {@code root} on, at a place. @return 0, -ENOTDIR, -ENOSPC */
    long attach(SuperBlock sb, Dentry root, @Nullable Path point, long flags) {
        if (point != null && root.inode().directory() != point.inode().directory()) {
            return -Errno.ENOTDIR;
        }
        if (tree.mounts.size() >= MAX_MOUNTS) {
            return -Errno.ENOSPC;
        }
        Mount mount = new Mount(tree.newMountId(), sb, root, null, flags);
        tree.mounts.add(mount);
        moveTo(mount, point);
        return 0;
    }

    /** Moves a mount to another place. */
    void moveTo(Mount mount, @Nullable Path point) {
        if (mount.point != null) {
            mount.point.dentry().mounts--;
        }
        mount.point = point;
        if (point != null) {
            point.dentry().mounts++;
            // the place must be found again where dentries are not cached
            for (Dentry at = point.dentry(); at.parent != null; at = at.parent) {
                at.parent.addChild(at);
            }
        }
    }

    /** Whether files are open on it or tasks stand on it. */
    boolean busy(Mount mount) {
        if (mount.opens > 0) {
            return true;
        }
        for (Task task : tree.kernel.processes().tasks()) {
            if (task.fs.cwd.mount() == mount || task.fs.root.mount() == mount) {
                return true;
            }
        }
        return false;
    }

    /** Whether another mount is on it. */
    boolean hasChildren(Mount mount) {
        for (Mount other : tree.mounts) {
            if (other.point != null && other.point.mount() == mount) {
                return true;
            }
        }
        return false;
    }

    /** Takes a mount off the tree, with those on it; what is in use goes when it is not any more. */
    void detach(Mount mount) {
        List<Mount> gone = new ArrayList<>(List.of(mount));
        for (int i = 0; i < gone.size(); i++) {
            for (Mount other : tree.mounts) {
                if (other.point != null && other.point.mount() == gone.get(i)) {
                    gone.add(other);
                }
            }
        }
        for (Mount each : gone.reversed()) {
            moveTo(each, null);
            each.detached = true;
            unused(each);
        }
    }

    /** A mount may have become unused: a detached one goes for good, its file system with the last mount of it. */
    void unused(Mount mount) {
        if (!mount.detached || mount.opens > 0) {
            return;
        }
        tree.mounts.remove(mount);
        mount.root.forget(mount);
        for (Mount other : tree.mounts) {
            if (other.sb == mount.sb) {
                return;
            }
        }
        mount.sb.fs().unmount(mount.sb);
    }
}
