package vkernel.guest.fs.vfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Dentry;
import vkernel.fs.Inode;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.task.Task;

/** rename(2) (Linux: do_renameat2, vfs_rename); the order of the checks is theirs. */
final class Renames {
    static final int NOREPLACE = 1;
    static final int EXCHANGE = 2;
    static final int WHITEOUT = 4;

    private final Tree tree;

    Renames(Tree tree) {
        this.tree = tree;
    }

    long rename(Task task, Path oldBase, String oldPath, Path newBase, String newPath, int flags) {
        boolean exchange = (flags & EXCHANGE) != 0;
        if ((flags & ~(NOREPLACE | EXCHANGE | WHITEOUT)) != 0 || exchange && flags != EXCHANGE) {
            return -Errno.EINVAL;
        }
        Walk from = new Walk(tree, task, oldBase);
        Walk to = new Walk(tree, task, newBase);
        long error = from.toParent(oldPath);
        if (error == 0) {
            error = to.toParent(newPath);
        }
        if (error == 0) {
            error = places(from, to, flags);
        }
        if (error != 0) {
            return error;
        }
        Result<Dentry> old = from.lookupLast();
        Result<Dentry> now = to.lookupLast();
        if (!old.ok() || !now.ok()) {
            return old.ok() ? now.error() : old.error();
        }
        error = names(from, old.value(), to, now.value(), flags);
        if (error != 0 || old.value().inode == now.value().inode) {
            return error;
        }
        error = mayMove(task, from.dentry, old.value(), to.dentry, now.value(), flags);
        return error == 0 ? move(task, from.dentry, old.value(), to.dentry, now.value(), flags) : error;
    }

    private static long places(Walk from, Walk to, int flags) {
        if (from.mount != to.mount) {
            return -Errno.EXDEV;
        }
        if (!from.plainName()) {
            return -Errno.EBUSY;
        }
        if (!to.plainName()) {
            return (flags & NOREPLACE) != 0 ? -Errno.EEXIST : -Errno.EBUSY;
        }
        if ((flags & WHITEOUT) != 0 && !from.dentry.inode().sb.fs().whiteouts()) {
            return -Errno.EINVAL;
        }
        return from.mount.readOnly() ? -Errno.EROFS : 0;
    }

    private static long names(Walk from, Dentry old, Walk to, Dentry now, int flags) {
        boolean exchange = (flags & EXCHANGE) != 0;
        if (old.inode == null) {
            return -Errno.ENOENT;
        }
        if ((flags & NOREPLACE) != 0 && now.inode != null) {
            return -Errno.EEXIST;
        }
        if (exchange && now.inode == null) {
            return -Errno.ENOENT;
        }
        if (exchange && to.slash && !now.inode().directory()) {
            return -Errno.ENOTDIR;
        }
        if (!old.inode().directory() && (from.slash || !exchange && to.slash)) {
            return -Errno.ENOTDIR;
        }
        if (within(to.dentry, old)) {
            return -Errno.EINVAL;
        }
        if (within(from.dentry, now)) {
            return exchange ? -Errno.EINVAL : -Errno.ENOTEMPTY;
        }
        return 0;
    }

    /** Whether a place is another or below it. */
    static boolean within(Dentry place, Dentry ancestor) {
        for (Dentry at = place; at != null; at = at.parent) {
            if (at == ancestor) {
                return true;
            }
        }
        return false;
    }

    private static long mayMove(Task task, Dentry from, Dentry old, Dentry to, Dentry now, int flags) {
        boolean directory = old.inode().directory();
        boolean exchange = (flags & EXCHANGE) != 0;
        long error = OldNames.mayDelete(task, from, old, directory);
        if (error == 0) {
            error = now.inode == null
                    ? mayAdd(task, to)
                    : OldNames.mayDelete(task, to, now, exchange ? now.inode().directory() : directory);
        }
        if (error == 0 && from != to && directory) {
            error = Access.check(task, old.inode(), Vfs.WRITE, false); // its ".." changes
        }
        if (error == 0 && from != to && exchange && now.inode().directory()) {
            error = Access.check(task, now.inode(), Vfs.WRITE, false);
        }
        return error == 0 && (old.mounts > 0 || now.mounts > 0) ? -Errno.EBUSY : error;
    }

    private static long mayAdd(Task task, Dentry dir) {
        return dir.unlinked ? -Errno.ENOENT : Access.check(task, dir.inode(), Vfs.WRITE | Vfs.EXECUTE, false);
    }

    private long move(Task task, Dentry from, Dentry old, Dentry to, Dentry now, int flags) {
        @Nullable Inode target = now.inode;
        Inode inode = from.inode();
        long error = inode.sb.fs().rename(task, inode, old.name, to.inode(), now.name, flags & (EXCHANGE | WHITEOUT));
        if (error != 0) {
            return error;
        }
        if ((flags & EXCHANGE) != 0) {
            String oldName = old.name;
            String newName = now.name;
            Dentries.exchanged(old, now);
            Inode moved = old.inode();
            Inode other = now.inode();
            tree.notify.moved(inode, oldName, to.inode(), newName, moved, null, (int) tree.newTicket());
            tree.notify.moved(to.inode(), newName, inode, oldName, other, null, (int) tree.newTicket());
            return 0;
        }
        if (target != null) {
            now.unlinked = true;
        }
        Dentries.forget(now);
        String oldName = old.name;
        String newName = now.name;
        Dentries.moved(old, now);
        tree.notify.moved(inode, oldName, to.inode(), newName, old.inode(), target, (int) tree.newTicket());
        if (target != null) {
            tree.notify.evictIfGone(target);
        }
        return 0;
    }
}
