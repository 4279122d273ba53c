package vkernel.guest.fs.vfs;

import vkernel.fs.Dentry;
import vkernel.fs.Inode;
import vkernel.fs.Inotify;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.task.Task;

/** Names that go: unlink(2), rmdir(2) (Linux: do_unlinkat, do_rmdir, may_delete). */
final class OldNames {
    private final Tree tree;

    OldNames(Tree tree) {
        this.tree = tree;
    }

    /** Whether the task may take a name out of a directory. @param directory whether it is to be one */
    static long mayDelete(Task task, Dentry dir, Dentry victim, boolean directory) {
        long error = Access.check(task, dir.inode(), Vfs.WRITE | Vfs.EXECUTE, false);
        if (error != 0) {
            return error;
        }
        boolean stays = dir.inode().appendOnly() || victim.inode().fixed();
        if (stays || Access.sticky(task, dir.inode(), victim.inode())) {
            return -Errno.EPERM;
        }
        if (directory != victim.inode().directory()) {
            return directory ? -Errno.ENOTDIR : -Errno.EISDIR;
        }
        return dir.unlinked ? -Errno.ENOENT : 0;
    }

    long unlink(Task task, Path base, String path) {
        Walk walk = new Walk(tree, task, base);
        long error = walk.toParent(path);
        if (error != 0) {
            return error;
        }
        if (!walk.plainName()) {
            return -Errno.EISDIR;
        }
        Result<Dentry> found = victim(walk);
        if (!found.ok()) {
            return found.error();
        }
        Dentry victim = found.value();
        if (walk.slash) {
            return victim.inode().directory() ? -Errno.EISDIR : -Errno.ENOTDIR;
        }
        error = mayDelete(task, walk.dentry, victim, false);
        if (error == 0 && victim.mounts > 0) {
            error = -Errno.EBUSY;
        }
        Inode inode = victim.inode();
        if (error == 0) {
            error = inode.sb.fs().unlink(task, walk.dentry.inode(), walk.last, inode);
        }
        if (error == 0) {
            tree.notify.self(inode, Inotify.ATTRIB);
        }
        return gone(walk.dentry, victim, error);
    }

    long rmdir(Task task, Path base, String path) {
        Walk walk = new Walk(tree, task, base);
        long error = walk.toParent(path);
        if (error != 0) {
            return error;
        }
        if (!walk.plainName()) {
            return walk.last.isEmpty() ? -Errno.EBUSY : walk.last.equals(".") ? -Errno.EINVAL : -Errno.ENOTEMPTY;
        }
        Result<Dentry> found = victim(walk);
        if (!found.ok()) {
            return found.error();
        }
        Dentry victim = found.value();
        error = mayDelete(task, walk.dentry, victim, true);
        if (error == 0 && victim.mounts > 0) {
            error = -Errno.EBUSY;
        }
        Inode inode = victim.inode();
        return error == 0
                ? gone(walk.dentry, victim, inode.sb.fs().rmdir(task, walk.dentry.inode(), walk.last, inode))
                : error;
    }

    private static Result<Dentry> victim(Walk walk) {
        if (walk.mount.readOnly()) {
            return Result.error(-Errno.EROFS);
        }
        Result<Dentry> found = walk.lookupLast();
        return found.ok() && found.value().inode == null ? Result.error(-Errno.ENOENT) : found;
    }

    private long gone(Dentry dir, Dentry victim, long error) {
        if (error == 0) {
            Dentries.removed(victim);
            tree.notify.evictIfGone(victim.inode());
            tree.notify.name(dir.inode(), victim.name, victim.inode(), Inotify.DELETE);
        }
        return error;
    }
}
