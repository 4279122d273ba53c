package vkernel.guest.fs.devfs;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.SuperBlock;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** Keeps the nodes of /dev as the drivers have them. */
final class Nodes {
    /** Links that udev or a container's runtime makes elsewhere; there is neither here. */
    private static final Map<String, String> LINKS = Map.of(
            "fd", "/proc/self/fd",
            "stdin", "/proc/self/fd/0",
            "stdout", "/proc/self/fd/1",
            "stderr", "/proc/self/fd/2");

    private final Kernel kernel;

    Nodes(Kernel kernel) {
        this.kernel = kernel;
    }

    private FileSystemType tmpfs() {
        return Devfs.tmpfs(kernel);
    }

    /** Brings the nodes up to date; one that a user has removed stays away until its driver comes anew. */
    void refresh(Task task, SuperBlock sb) {
        Inode root = sb.root();
        Map<String, Long> made = made(task, root);
        Map<String, DeviceNode> wanted = new HashMap<>();
        for (CharDevice driver : kernel.devices()) {
            for (DeviceNode node : driver.nodes()) {
                wanted.put(node.name(), node);
            }
        }
        made.entrySet().removeIf(node -> {
            DeviceNode now = wanted.get(node.getKey());
            boolean gone = now == null || now.rdev() != node.getValue();
            if (gone) {
                remove(task, root, node.getKey(), node.getValue());
            }
            return gone;
        });
        wanted.forEach((name, node) -> {
            if (made.putIfAbsent(name, node.rdev()) == null) {
                make(task, root, node);
            }
        });
    }

    /** The nodes that the kernel has made, and their numbers; the first call fills a new /dev. */
    @SuppressWarnings("unchecked")
    private Map<String, Long> made(Task task, Inode root) {
        if (root.data == null) {
            root.data = new HashMap<String, Long>();
            LINKS.forEach((name, target) -> ownedByRoot(tmpfs().symlink(task, root, name, target)));
            ownedByRoot(tmpfs().mkdir(task, root, "pts", 0755));
            ownedByRoot(tmpfs().mkdir(task, root, "shm", 0777 | Mode.S_ISVTX));
        }
        return (Map<String, Long>) root.data;
    }

    private void make(Task task, Inode root, DeviceNode node) {
        Inode dir = folder(task, root, node.name(), true);
        String name = last(node.name());
        if (dir != null && !tmpfs().lookup(task, dir, name).ok()) {
            ownedByRoot(tmpfs().create(task, dir, name, type(node) | node.permissions(), node.rdev()));
        }
    }

    private static int type(DeviceNode node) {
        return node.block() ? Mode.S_IFBLK : Mode.S_IFCHR;
    }

    private static boolean device(Inode inode) {
        return inode.type() == Mode.S_IFCHR || inode.type() == Mode.S_IFBLK;
    }

    private void remove(Task task, Inode root, String path, long rdev) {
        Inode dir = folder(task, root, path, false);
        if (dir == null) {
            return;
        }
        Result<Inode> found = tmpfs().lookup(task, dir, last(path));
        if (found.ok() && device(found.value()) && found.value().rdev == rdev) {
            tmpfs().unlink(task, dir, last(path), found.value());
        }
    }

    /** The directory that a name is in; null when there is none and none is to be made, or no room for it. */
    private @Nullable Inode folder(Task task, Inode root, String path, boolean make) {
        Inode dir = root;
        String[] names = path.split("/");
        for (int i = 0; i < names.length - 1; i++) {
            Result<Inode> next = tmpfs().lookup(task, dir, names[i]);
            if (!next.ok() && make) {
                next = ownedByRoot(tmpfs().mkdir(task, dir, names[i], 0755));
            }
            if (!next.ok() || !next.value().directory()) {
                return null;
            }
            dir = next.value();
        }
        return dir;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Result<Inode> ownedByRoot(Result<Inode> made) {
        if (made.ok()) {
            made.value().uid = 0;
            made.value().gid = 0;
        }
        return made;
    }
}
