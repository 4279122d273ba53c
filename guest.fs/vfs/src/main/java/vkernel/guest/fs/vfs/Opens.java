package vkernel.guest.fs.vfs;

import org.jspecify.annotations.Nullable;
import vkernel.dev.CharDevice;
import vkernel.fs.Dentry;
import vkernel.fs.FileOps;
import vkernel.fs.Inode;
import vkernel.fs.Inotify;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** open(2) and the last close(2) (Linux: do_open, do_dentry_open, __fput). */
final class Opens {
    /** Memory reckoned for each open file when their number is limited (Linux: files_maxfiles_init). */
    private static final long BYTES_PER_FILE = 10 << 10;

    private static final int LEAST_FILES = 8192;
    private static final int MOST_FILES = 200_000;

    private static final long MS_NODEV = 4;
    /** Whose driver there always is, which knows its devices by their minor numbers (misc_open()). */
    private static final int MISC_MAJOR = 10;
    /** What O_PATH leaves of the flags. */
    private static final int PATH_FLAGS = Mode.O_PATH | Mode.O_DIRECTORY | Mode.O_NOFOLLOW;

    private static final int NOT_KEPT = Mode.O_CREAT | Mode.O_EXCL | Mode.O_NOCTTY | Mode.O_TRUNC | Mode.O_CLOEXEC;

    private final Tree tree;
    private final Locks locks;
    private final Leases leases;
    private final MountPoints points;
    /** Soft: counted anew from the mounts. */
    private int files;

    /** Soft: 0 until asked for. */
    private int maxFiles;

    Opens(Tree tree, Locks locks, Leases leases, MountPoints points) {
        this.tree = tree;
        this.locks = locks;
        this.leases = leases;
        this.points = points;
        files = tree.anonymous.opens;
        for (Mount mount : tree.mounts) {
            files += mount.opens;
        }
    }

    int files() {
        return files;
    }

    int maxFiles() {
        if (maxFiles == 0) {
            long ram = tree.kernel.vm().stats().total();
            maxFiles = Math.clamp(ram / BYTES_PER_FILE, LEAST_FILES, MOST_FILES);
        }
        return maxFiles;
    }

    Result<OpenFile> open(Task task, Path base, String path, int flags, int mode, int resolve) {
        flags &= (flags & Mode.O_PATH) != 0 ? PATH_FLAGS : ~Mode.O_EXEC;
        boolean tmpfile = (flags & Mode.O_TMPFILE & ~Mode.O_DIRECTORY) != 0;
        if (tmpfile && ((flags & Mode.O_DIRECTORY) == 0 || (flags & Mode.O_ACCMODE) == 0)
                || (flags & Mode.O_CREAT) != 0 && (flags & Mode.O_DIRECTORY) != 0) {
            return Result.error(-Errno.EINVAL);
        }
        Walk walk = tree.walk(task, base, resolve);
        if (tmpfile) {
            return tmpfile(task, walk, path, flags, mode);
        }
        if ((flags & Mode.O_CREAT) != 0) {
            return create(task, walk, path, flags, mode);
        }
        int follow = (flags & Mode.O_NOFOLLOW) == 0 ? Vfs.FOLLOW : 0;
        Result<Path> place = walk.all(path, follow | ((flags & Mode.O_DIRECTORY) != 0 ? Vfs.DIRECTORY : 0));
        tree.end(walk);
        return place.ok() ? existing(task, place.value(), flags) : place.failure();
    }

    private Result<OpenFile> create(Task task, Walk walk, String path, int flags, int mode) {
        long error = walk.toParent(path);
        while (error == 0) {
            if (walk.last.isEmpty() && !walk.dentry.inode().directory()) {
                return existing(task, walk.path(), flags); // a magic link led there
            }
            if (!walk.plainName()) {
                return Result.error((flags & Mode.O_EXCL) != 0 ? -Errno.EEXIST : -Errno.EISDIR);
            }
            if (walk.slash) {
                return Result.error(-Errno.EISDIR);
            }
            Result<Dentry> found = walk.lookupLast();
            if (!found.ok()) {
                return found.failure();
            }
            Dentry child = found.value();
            if (child.inode == null) {
                return make(task, walk, child, flags, mode);
            }
            if ((flags & Mode.O_EXCL) != 0) {
                return Result.error(-Errno.EEXIST);
            }
            if (!child.inode().symlink()) {
                walk.dentry = child;
                walk.cross();
                error = walk.astray();
                return error == 0 ? existing(task, walk.path(), flags) : Result.error(error);
            }
            error = (flags & Mode.O_NOFOLLOW) != 0 ? -Errno.ELOOP : walk.follow(child);
        }
        return Result.error(error);
    }

    private Result<OpenFile> make(Task task, Walk walk, Dentry child, int flags, int mode) {
        long error = NewNames.mayCreate(task, walk.mount, walk.dentry);
        if (error != 0) {
            return Result.error(error);
        }
        Inode dir = walk.dentry.inode();
        int masked = NewNames.mode(task, dir, Mode.S_IFREG | mode & 07777 & ~task.fs.umask);
        Result<Inode> made = dir.sb.fs().create(task, dir, child.name, masked, 0);
        if (!made.ok()) {
            return made.failure();
        }
        Dentries.made(child, made.value());
        tree.notify.name(dir, child.name, made.value(), Inotify.CREATE);
        return at(task, new Path(walk.mount, child), flags & ~Mode.O_TRUNC);
    }

    private Result<OpenFile> tmpfile(Task task, Walk walk, String path, int flags, int mode) {
        Result<Path> place = walk.all(path, Vfs.FOLLOW | Vfs.DIRECTORY);
        if (!place.ok()) {
            return place.failure();
        }
        Dentry parent = place.value().dentry();
        long error = NewNames.mayCreate(task, walk.mount, parent);
        if (error != 0) {
            return Result.error(error);
        }
        Inode dir = parent.inode();
        int masked = NewNames.mode(task, dir, Mode.S_IFREG | mode & 07777 & ~task.fs.umask);
        Result<Inode> made = dir.sb.fs().tmpfile(task, dir, masked);
        if (!made.ok()) {
            return made.failure();
        }
        Dentry dentry = new Dentry(parent, NewNames.nameless(made.value(), (flags & Mode.O_EXCL) == 0), made.value());
        dentry.unlinked = true;
        int kept = flags & ~(Mode.O_TMPFILE | Mode.O_TRUNC) | Mode.O_TMPFILE & ~Mode.O_DIRECTORY;
        Result<OpenFile> file = at(task, new Path(walk.mount, dentry), kept);
        if (!file.ok()) {
            tree.notify.evictIfGone(made.value());
        }
        return file;
    }

    /** Opens what is there, if the task may. */
    private Result<OpenFile> existing(Task task, Path place, int flags) {
        if ((flags & Mode.O_PATH) != 0) {
            return at(task, place, flags);
        }
        Inode inode = place.inode();
        boolean write = (flags & Mode.O_ACCMODE) != Mode.O_RDONLY || (flags & Mode.O_TRUNC) != 0;
        boolean read = (flags & Mode.O_ACCMODE) != Mode.O_WRONLY;
        if (inode.symlink()) {
            return Result.error(-Errno.ELOOP);
        }
        if (inode.directory() && (write || (flags & Mode.O_CREAT) != 0)) {
            return Result.error(-Errno.EISDIR);
        }
        int wanted = (read ? Vfs.READ : 0) | (write ? Vfs.WRITE : 0);
        long error = Access.check(task, place.mount(), inode, wanted, false);
        boolean appends = (flags & Mode.O_APPEND) != 0 && (flags & Mode.O_TRUNC) == 0;
        if (error == 0 && write && inode.appendOnly() && !appends) {
            error = -Errno.EPERM;
        }
        if (error == 0 && (flags & Mode.O_NOATIME) != 0 && !Access.owner(task, inode)) {
            error = -Errno.EPERM;
        }
        return error == 0 ? at(task, place, flags) : Result.error(error);
    }

    /** Opens what is there; what the task may do has been looked at. */
    Result<OpenFile> at(Task task, Path place, int flags) {
        Inode inode = place.inode();
        boolean handle = (flags & Mode.O_PATH) != 0;
        Result<Slot<? extends FileOps>> ops = handle ? Result.of(inode.sb.type) : ops(place.mount(), inode);
        if (!ops.ok()) {
            return ops.failure();
        }
        if (files >= maxFiles()) {
            return Result.error(-Errno.ENFILE);
        }
        OpenFile file = new OpenFile(place, ops.value(), flags & ~Mode.O_CLOEXEC);
        boolean writes = file.writable() && inode.regular();
        if (writes && place.mount().readOnly()) {
            return Result.error(-Errno.EROFS);
        }
        if (writes && inode.executors > 0 || runs(file) && inode.writers > 0) {
            return Result.error(-Errno.ETXTBSY);
        }
        long broken = handle ? 0 : leases.broken(task, inode, breaks(flags), (flags & Mode.O_NONBLOCK) == 0);
        if (broken != 0) {
            return Result.error(broken);
        }
        count(file, 1);
        long error = -Errno.EIO;
        try {
            error = handle ? 0 : ready(task, file, flags);
        } finally {
            if (error != 0) {
                count(file, -1);
            }
        }
        if (error != 0) {
            return Result.error(error);
        }
        file.flags &= ~NOT_KEPT;
        tree.notify.about(file, Inotify.OPEN);
        return Result.of(file);
    }

    private long ready(Task task, OpenFile file, int flags) {
        long error = file.ops().open(task, file);
        Inode inode = file.inode();
        if (error != 0 || (flags & Mode.O_TRUNC) == 0 || !inode.regular()) {
            return error;
        }
        error = inode.executors > 0 ? -Errno.ETXTBSY : Attributes.truncate(task, inode, 0);
        if (error != 0) {
            file.ops().release(file);
        } else {
            tree.notify.about(file, Inotify.MODIFY);
        }
        return error;
    }

    private Result<Slot<? extends FileOps>> ops(Mount mount, Inode inode) {
        if (inode.ops != null) {
            return Result.of(inode.ops);
        }
        return switch (inode.type()) {
            case Mode.S_IFREG, Mode.S_IFDIR -> Result.of(inode.sb.type);
            case Mode.S_IFIFO -> Result.of(tree.pipes);
            case Mode.S_IFCHR, Mode.S_IFBLK -> device(mount, inode);
            case Mode.S_IFLNK -> Result.error(-Errno.ELOOP);
            // sockets cannot be opened by name, unix(7)
            default -> Result.error(-Errno.ENXIO);
        };
    }

    private Result<Slot<? extends FileOps>> device(Mount mount, Inode inode) {
        if ((mount.flags & MS_NODEV) != 0) {
            return Result.error(-Errno.EACCES);
        }
        Slot<CharDevice> slot = tree.kernel.device(inode.rdev, inode.type() == Mode.S_IFBLK);
        if (slot == null) {
            boolean misc = inode.type() == Mode.S_IFCHR && Mode.major(inode.rdev) == MISC_MAJOR;
            return Result.error(misc ? -Errno.ENODEV : -Errno.ENXIO);
        }
        return slot.orNull() == null ? Result.error(-Errno.ENODEV) : Result.of(slot);
    }

    /** Whether whoever opens a file so is to be told to those who only read it. */
    private static boolean breaks(int flags) {
        return (flags & Mode.O_ACCMODE) != Mode.O_RDONLY || (flags & Mode.O_TRUNC) != 0;
    }

    private static boolean runs(OpenFile file) {
        return (file.flags & Mode.O_EXEC) != 0;
    }

    private void count(OpenFile file, int by) {
        Inode inode = file.inode();
        Mount mount = file.path.mount();
        files += by;
        inode.opens += by;
        mount.opens += by;
        if (file.writable() && inode.regular()) {
            inode.writers += by;
            mount.writers += by;
        } else if (file.readable()) {
            inode.readers += by;
        }
        if (runs(file)) {
            inode.executors += by;
        }
    }

    /** A file without a name. */
    OpenFile anonymous(String name, int mode, Slot<? extends FileOps> ops, int flags) {
        Inode inode = new Inode(tree.anonymous.sb, tree.anonymous.sb.nextIno(), mode);
        inode.atime = inode.mtime = inode.ctime = tree.kernel.realtime();
        return at(inode, name, ops, flags);
    }

    OpenFile at(Inode inode, String name, Slot<? extends FileOps> ops, int flags) {
        OpenFile file = new OpenFile(new Path(tree.anonymous, new Dentry(null, name, inode)), ops, flags & ~NOT_KEPT);
        count(file, 1);
        return file;
    }

    void close(OpenFile file) {
        if (--file.refs > 0) {
            return;
        }
        Inode inode = file.inode();
        tree.notify.about(file, file.writable() ? Inotify.CLOSE_WRITE : Inotify.CLOSE_NOWRITE);
        locks.dropAll(inode, file);
        leases.drop(file);
        @Nullable FileOps ops = (file.flags & Mode.O_PATH) != 0 ? null : file.ops.orNull();
        try {
            if (ops != null) {
                ops.release(file);
            }
        } finally {
            count(file, -1);
            tree.notify.evictIfGone(inode);
            points.unused(file.path.mount());
        }
    }
}
