package vkernel.guest.fs.vfs;

import vkernel.fs.Dentry;
import vkernel.fs.Inode;
import vkernel.fs.Inotify;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** Names that come to be: mknod(2), mkdir(2), link(2), symlink(2) (Linux: filename_create and its callers). */
final class NewNames {
    private final Tree tree;

    NewNames(Tree tree) {
        this.tree = tree;
    }

    /** Whether the task may make a name in a directory. */
    static long mayCreate(Task task, Mount mount, Dentry dir) {
        if (mount.readOnly()) {
            return -Errno.EROFS;
        }
        if (dir.unlinked) {
            return -Errno.ENOENT;
        }
        return Access.check(task, dir.inode(), Vfs.WRITE | Vfs.EXECUTE, false);
    }

    /** The mode of a new file, set-group-ID bit of its directory minded (Linux: inode_init_owner). */
    static int mode(Task task, Inode dir, int mode) {
        if ((dir.mode & Mode.S_ISGID) == 0) {
            return mode;
        }
        if ((mode & Mode.S_IFMT) == Mode.S_IFDIR) {
            return mode | Mode.S_ISGID;
        }
        boolean grants = (mode & (Mode.S_ISGID | 0010)) == (Mode.S_ISGID | 0010);
        boolean allowed = task.credentials.can(Credentials.CAP_FSETID) || task.credentials.inGroup(dir.gid);
        return grants && !allowed ? mode & ~Mode.S_ISGID : mode;
    }

    /** What a file without a name is called; only one that may get a name by link(2) is called so. */
    static String nameless(Inode inode, boolean linkable) {
        return (linkable ? "#" : "##") + inode.ino;
    }

    /** A name to be made: the negative dentry. */
    private Result<Dentry> place(Task task, Walk walk, String path, boolean directory) {
        long error = walk.toParent(path);
        if (error != 0) {
            return Result.error(error);
        }
        if (!walk.plainName()) {
            return Result.error(-Errno.EEXIST);
        }
        Result<Dentry> found = walk.lookupLast();
        if (!found.ok()) {
            return found;
        }
        if (found.value().inode != null) {
            return Result.error(-Errno.EEXIST);
        }
        if (walk.slash && !directory) {
            return Result.error(-Errno.ENOENT);
        }
        error = mayCreate(task, walk.mount, walk.dentry);
        return error == 0 ? found : Result.error(error);
    }

    private long made(Dentry dir, Dentry dentry, Result<Inode> made) {
        if (!made.ok()) {
            return made.error();
        }
        Dentries.made(dentry, made.value());
        tree.notify.name(dir.inode(), dentry.name, made.value(), Inotify.CREATE);
        return 0;
    }

    long mknod(Task task, Path base, String path, int mode, long rdev) {
        int type = (mode & Mode.S_IFMT) == 0 ? Mode.S_IFREG : mode & Mode.S_IFMT;
        switch (type) {
            case Mode.S_IFREG, Mode.S_IFIFO, Mode.S_IFSOCK, Mode.S_IFCHR, Mode.S_IFBLK -> {}
            case Mode.S_IFDIR -> {
                return -Errno.EPERM;
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        boolean device = type == Mode.S_IFCHR || type == Mode.S_IFBLK;
        Walk walk = new Walk(tree, task, base);
        Result<Dentry> place = place(task, walk, path, false);
        if (!place.ok()) {
            return place.error();
        }
        if (device && !task.credentials.can(Credentials.CAP_MKNOD)) {
            return -Errno.EPERM;
        }
        Inode dir = walk.dentry.inode();
        int masked = mode(task, dir, type | mode & 07777 & ~task.fs.umask);
        return made(walk.dentry, place.value(), dir.sb.fs().create(task, dir, walk.last, masked, device ? rdev : 0));
    }

    long mkdir(Task task, Path base, String path, int mode) {
        Walk walk = new Walk(tree, task, base);
        Result<Dentry> place = place(task, walk, path, true);
        if (!place.ok()) {
            return place.error();
        }
        Inode dir = walk.dentry.inode();
        int masked = mode(task, dir, Mode.S_IFDIR | mode & 01777 & ~task.fs.umask);
        return made(walk.dentry, place.value(), dir.sb.fs().mkdir(task, dir, walk.last, masked));
    }

    long symlink(Task task, String target, Path base, String path) {
        if (target.isEmpty()) {
            return -Errno.ENOENT;
        }
        if (target.length() >= Walk.PATH_MAX) {
            return -Errno.ENAMETOOLONG;
        }
        Walk walk = new Walk(tree, task, base);
        Result<Dentry> place = place(task, walk, path, false);
        if (!place.ok()) {
            return place.error();
        }
        Inode dir = walk.dentry.inode();
        return made(walk.dentry, place.value(), dir.sb.fs().symlink(task, dir, walk.last, target));
    }

    long link(Task task, Path target, Path base, String path) {
        Walk walk = new Walk(tree, task, base);
        Inode inode = target.inode();
        boolean linkable = Access.linkable(task, inode);
        Result<Dentry> place = place(task, walk, path, false);
        if (!place.ok()) {
            return place.error() == -Errno.EACCES && !linkable ? -Errno.EPERM : place.error();
        }
        if (walk.mount != target.mount()) {
            return -Errno.EXDEV;
        }
        if (inode.directory() || !linkable || inode.fixed()) {
            return -Errno.EPERM;
        }
        if (inode.nlink == 0 && !target.dentry().name.equals(nameless(inode, true))) {
            return -Errno.ENOENT;
        }
        Inode dir = walk.dentry.inode();
        long error = dir.sb.fs().link(task, dir, walk.last, inode);
        if (error == 0) {
            Dentries.made(place.value(), inode);
            tree.notify.self(inode, Inotify.ATTRIB);
            tree.notify.name(dir, walk.last, inode, Inotify.CREATE);
        }
        return error;
    }
}
