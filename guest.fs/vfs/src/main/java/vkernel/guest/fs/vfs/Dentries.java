package vkernel.guest.fs.vfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Dentry;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.task.Task;

/**
 * Names looked up and remembered (Linux: fs/dcache.c). All of it is soft. A dentry that somebody stands on stays known
 * to its parent by itself ({@link Dentry}); the last ones found are kept here beside, so that the cache is of use.
 */
final class Dentries {
    private static final int KEPT = 8192;

    private final @Nullable Dentry[] kept = new Dentry[KEPT];
    private int next;

    /** A name in a directory; negative when there is no such file. Fails for other reasons only. */
    Result<Dentry> lookup(Task task, Dentry dir, String name) {
        Inode inode = dir.inode();
        FileSystemType fs = inode.sb.fs();
        boolean cacheable = fs.cacheable();
        Dentry known = dir.child(name);
        if (known != null && holds(known, fs)) {
            return Result.of(known);
        }
        Result<Inode> found = fs.lookup(task, inode, name);
        if (!cacheable && fs.stable()) {
            return looked(dir, name, known, found);
        }
        if (found.ok()) {
            // above a mount point of a file system that is not cached the place must stay the same
            boolean same = known != null && known.inode != null && known.inode.ino == found.value().ino;
            return Result.of(same ? known : make(dir, name, found.value(), cacheable));
        }
        return found.error() == -Errno.ENOENT ? Result.of(make(dir, name, null, cacheable)) : found.failure();
    }

    /** A name that need not be looked up; null when it has to be. */
    static @Nullable Dentry known(Dentry dir, String name) {
        Dentry known = dir.child(name);
        return known != null && holds(known, dir.inode().sb.fs()) ? known : null;
    }

    private static boolean holds(Dentry known, FileSystemType fs) {
        return known.mounts > 0 || fs.cacheable();
    }

    /** A place that is looked up anew each time: who stands there stands there still, or on what has no name any more. */
    private static Result<Dentry> looked(Dentry dir, String name, @Nullable Dentry known, Result<Inode> found) {
        if (known != null && found.ok() && known.inode == found.value()) {
            return Result.of(known);
        }
        if (!found.ok() && found.error() != -Errno.ENOENT) {
            return found.failure();
        }
        if (known != null) {
            removed(known);
        }
        Dentry dentry = new Dentry(dir, name, found.ok() ? found.value() : null);
        if (found.ok()) {
            dir.addChild(dentry);
        }
        return Result.of(dentry);
    }

    private Dentry make(Dentry dir, String name, @Nullable Inode inode, boolean cacheable) {
        Dentry dentry = new Dentry(dir, name, inode);
        if (cacheable) {
            dir.addChild(dentry);
            keep(dentry);
        }
        return dentry;
    }

    private void keep(Dentry dentry) {
        Dentry old = kept[next];
        kept[next] = dentry;
        next = next + 1 & KEPT - 1;
        if (old != null && old.inode == null && old.parent != null && old.parent.child(old.name) == old) {
            old.parent.removeChild(old.name);
        }
    }

    /** The file of a name has been made. */
    static void made(Dentry dentry, Inode inode) {
        dentry.inode = inode;
        FileSystemType fs = inode.sb.fs();
        if (dentry.parent != null && !fs.cacheable() && fs.stable()) {
            dentry.parent.addChild(dentry);
        }
    }

    /** The name is gone; who stands there stands on a nameless file. */
    static void removed(Dentry dentry) {
        dentry.unlinked = true;
        forget(dentry);
    }

    /** The file now has the name of {@code place}. */
    static void moved(Dentry dentry, Dentry place) {
        Dentry dir = dentry.parent;
        if (dir != null && dir.child(dentry.name) == dentry) {
            dir.removeChild(dentry.name);
        }
        rename(dentry, place.parent, place.name);
    }

    /** Two files have changed names. */
    static void exchanged(Dentry a, Dentry b) {
        Dentry parent = a.parent;
        String name = a.name;
        rename(a, b.parent, b.name);
        rename(b, parent, name);
    }

    private static void rename(Dentry dentry, @Nullable Dentry dir, String name) {
        dentry.parent = dir;
        dentry.name = name;
        if (dir != null && dir.inode().sb.fs().stable()) {
            dir.addChild(dentry);
        }
    }

    /** What is known of a name is not true any more. */
    static void forget(Dentry dentry) {
        if (dentry.parent != null && dentry.parent.child(dentry.name) == dentry) {
            dentry.parent.removeChild(dentry.name);
        }
    }
}
