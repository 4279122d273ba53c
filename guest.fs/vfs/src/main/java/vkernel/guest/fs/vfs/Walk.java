package vkernel.guest.fs.vfs;

import vkernel.fs.Dentry;
import vkernel.fs.Inode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.task.Task;

/**
 * One walk along a path (path_resolution(7), Linux: fs/namei.c). Stands at {@link #mount}, {@link #dentry}; methods
 * move it and return 0 or a negative error number.
 */
final class Walk {
    static final int PATH_MAX = 4096;
    static final int NAME_MAX = 255;
    private static final int MAX_LINKS = 40;
    private static final int MS_NOSYMFOLLOW = 256;

    private final Tree tree;
    private Task task;
    /** How the path may lead, see {@link Vfs#NO_XDEV}. */
    private int resolve;

    /** Where "/" leads and ".." ends. */
    private Path root;
    /** For NO_XDEV: where the walk may be. */
    private Mount within;

    private int links;

    Mount mount;
    Dentry dentry;
    /** After {@link #toParent}: the last name; empty for the root, may be "." or "..". */
    String last = "";
    /** After {@link #toParent}: whether slashes follow the last name. */
    boolean slash;

    Walk(Tree tree, Task task, Path base) {
        this(tree, task, base, 0);
    }

    Walk(Tree tree, Task task, Path base, int resolve) {
        this.tree = tree;
        begin(task, base, resolve);
    }

    private void begin(Task task, Path base, int resolve) {
        this.task = task;
        this.resolve = resolve;
        root = scoped() ? base : task.fs.root;
        within = base.mount();
        mount = base.mount();
        dentry = base.dentry();
    }

    /** The same object for another walk. */
    Walk anew(Task task, Path base, int resolve) {
        begin(task, base, resolve);
        links = 0;
        last = "";
        slash = false;
        return this;
    }

    Path path() {
        return dentry.place(mount).value();
    }

    /** Whether the last name is one that can be made or removed. */
    boolean plainName() {
        return !last.isEmpty() && !last.equals(".") && !last.equals("..");
    }

    /** Walks a whole path. @param flags of {@link Vfs#walk} */
    Result<Path> all(String path, int flags) {
        if (path.isEmpty() && (flags & Vfs.EMPTY) == 0) {
            return Result.error(-Errno.ENOENT);
        }
        if (!path.isEmpty()) {
            long error = toParent(path);
            if (error == 0) {
                error = toLast((flags & Vfs.FOLLOW) != 0);
            }
            if (error != 0) {
                return Result.error(error);
            }
        }
        boolean wrong = (flags & Vfs.DIRECTORY) != 0 && !dentry.inode().directory();
        return wrong ? Result.error(-Errno.ENOTDIR) : dentry.place(mount);
    }

    /** Walks to the directory of the path's last name, which may be searched then. */
    long toParent(String path) {
        if (path.isEmpty()) {
            return -Errno.ENOENT;
        }
        if (path.length() >= PATH_MAX) {
            return -Errno.ENAMETOOLONG;
        }
        last = "";
        slash = false;
        int at = skipSlashes(path, 0);
        long error = at > 0 ? toRoot() : 0;
        if (error != 0) {
            return error;
        }
        while (at < path.length()) {
            int slashAt = path.indexOf('/', at);
            int end = slashAt < 0 ? path.length() : slashAt;
            int next = skipSlashes(path, end);
            error = searchable(end - at);
            if (error != 0) {
                return error;
            }
            last = tree.names.of(path, at, end);
            slash = next > end;
            if (next == path.length()) {
                return 0;
            }
            error = step(last, true);
            if (error != 0) {
                return error;
            }
            at = next;
        }
        return 0;
    }

    private static int skipSlashes(String path, int at) {
        while (at < path.length() && path.charAt(at) == '/') {
            at++;
        }
        return at;
    }

    private long searchable(int nameLength) {
        Inode inode = dentry.inode();
        if (!inode.directory()) {
            return -Errno.ENOTDIR;
        }
        long error = Access.check(task, inode, Vfs.EXECUTE, false);
        return error == 0 && nameLength > NAME_MAX ? -Errno.ENAMETOOLONG : error;
    }

    /** From the directory to the last name itself. */
    long toLast(boolean follow) {
        if (last.isEmpty()) {
            return 0;
        }
        boolean directory = slash;
        long error = step(last, follow || directory);
        return error == 0 && directory && !dentry.inode().directory() ? -Errno.ENOTDIR : error;
    }

    /** The last name as it stands in the directory, maybe negative. */
    Result<Dentry> lookupLast() {
        return tree.dentries.lookup(task, dentry, last);
    }

    private long step(String name, boolean follow) {
        if (name.equals(".")) {
            return 0;
        }
        if (name.equals("..")) {
            return up();
        }
        Dentry child = Dentries.known(dentry, name);
        if (child == null) {
            Result<Dentry> found = tree.dentries.lookup(task, dentry, name);
            if (!found.ok()) {
                return found.error();
            }
            child = found.value();
        }
        if (child.inode == null) {
            return -Errno.ENOENT;
        }
        if (follow && child.inode().symlink()) {
            long error = follow(child);
            return error == 0 ? toLast(true) : error;
        }
        dentry = child;
        cross();
        return astray();
    }

    private boolean scoped() {
        return (resolve & (Vfs.BENEATH | Vfs.IN_ROOT)) != 0;
    }

    /** -EXDEV where the walk is on a mount that it may not be on. */
    long astray() {
        return (resolve & Vfs.NO_XDEV) != 0 && mount != within ? -Errno.EXDEV : 0;
    }

    private long toRoot() {
        if ((resolve & Vfs.BENEATH) != 0) {
            return -Errno.EXDEV;
        }
        go(root);
        if (links == 0) {
            within = mount; // what the caller named itself is no crossing
        }
        return astray();
    }

    /** Walks to the directory of a symbolic link's target, with its last name in {@link #last}. */
    long follow(Dentry link) {
        if (++links > MAX_LINKS || (mount.flags & MS_NOSYMFOLLOW) != 0) {
            return -Errno.ELOOP;
        }
        if ((resolve & Vfs.NO_SYMLINKS) != 0) {
            return -Errno.ELOOP;
        }
        Inode inode = link.inode();
        Result<Path> place = inode.sb.fs().jump(task, inode);
        if (place.ok()) {
            return jump(place.value());
        }
        if (place.error() != -Errno.EINVAL) {
            return place.error();
        }
        Times.accessed(tree.kernel, mount, inode);
        Result<String> target = inode.sb.fs().readlink(task, inode);
        return target.ok() ? toParent(target.value()) : target.error();
    }

    /** Through a magic link, which leads to a place and not to a name. */
    private long jump(Path place) {
        if ((resolve & Vfs.NO_MAGICLINKS) != 0) {
            return -Errno.ELOOP;
        }
        if (scoped()) {
            return -Errno.EXDEV;
        }
        go(place);
        last = "";
        slash = false;
        return astray();
    }

    private void go(Path place) {
        mount = place.mount();
        dentry = place.dentry();
    }

    private long up() {
        if ((resolve & Vfs.BENEATH) != 0 && mount == root.mount() && dentry == root.dentry()) {
            return -Errno.EXDEV;
        }
        while (mount != root.mount() || dentry != root.dentry()) {
            if (dentry != mount.root) {
                Dentry parent = dentry.parent;
                if (parent != null) {
                    dentry = parent;
                }
                break;
            }
            if (mount.point == null) {
                break;
            }
            go(mount.point);
        }
        cross();
        return astray();
    }

    /** Goes up onto what is mounted here. */
    void cross() {
        while (dentry.mounts > 0) {
            Mount above = tree.mountedAt(mount, dentry);
            if (above == null) {
                return;
            }
            mount = above;
            mount.visits++;
            dentry = above.root;
        }
    }
}
