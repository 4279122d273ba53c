package vkernel.guest.fs.vfs;

import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** chmod(2), chown(2), truncate(2), fallocate(2), utimensat(2) (Linux: setattr_prepare and its callers). */
final class Attributes {
    private final Kernel kernel;
    private final Io io;
    private final Leases leases;

    Attributes(Kernel kernel, Io io, Leases leases) {
        this.kernel = kernel;
        this.io = io;
        this.leases = leases;
    }

    long chmod(Task task, Path path, int mode) {
        Inode inode = path.inode();
        if (inode.symlink()) {
            return -Errno.EOPNOTSUPP;
        }
        if (path.mount().readOnly()) {
            return -Errno.EROFS;
        }
        if (!Access.owner(task, inode) || inode.fixed()) {
            return -Errno.EPERM;
        }
        int bits = mode & 07777;
        if ((inode.seals & Inode.SEAL_EXEC) != 0 && ((inode.mode ^ bits) & 0111) != 0) {
            return -Errno.EPERM;
        }
        if (!task.credentials.can(Credentials.CAP_FSETID) && !task.credentials.inGroup(inode.gid)) {
            bits &= ~Mode.S_ISGID;
        }
        int wanted = inode.type() | bits;
        long error = inode.sb.fs().change(inode, wanted, inode.uid, inode.gid, Vfs.UTIME_OMIT, Vfs.UTIME_OMIT);
        if (error != 0) {
            return error;
        }
        inode.mode = wanted;
        return changed(inode);
    }

    long chown(Task task, Path path, int uid, int gid) {
        Inode inode = path.inode();
        if (path.mount().readOnly()) {
            return -Errno.EROFS;
        }
        if (inode.fixed()) {
            return -Errno.EPERM;
        }
        Credentials who = task.credentials;
        if (!who.can(Credentials.CAP_CHOWN)) {
            boolean owned = who.fsuid() == inode.uid;
            boolean uidStays = uid == -1 || owned && uid == inode.uid;
            boolean gidFits = gid == -1 || owned && (gid == inode.gid || who.inGroup(gid));
            if (!uidStays || !gidFits) {
                return -Errno.EPERM;
            }
        }
        int owner = uid == -1 ? inode.uid : uid;
        int group = gid == -1 ? inode.gid : gid;
        int mode = inode.directory() ? inode.mode : Access.withoutSetIds(inode.mode);
        long error = inode.sb.fs().change(inode, mode, owner, group, Vfs.UTIME_OMIT, Vfs.UTIME_OMIT);
        if (error != 0) {
            return error;
        }
        inode.uid = owner;
        inode.gid = group;
        inode.mode = mode;
        Xattrs.dropCapabilities(inode);
        return changed(inode);
    }

    private long changed(Inode inode) {
        inode.ctime = kernel.realtime();
        inode.sb.fs().changed(inode);
        return 0;
    }

    long truncate(Task task, Path path, long size) {
        Inode inode = path.inode();
        if (size < 0) {
            return -Errno.EINVAL;
        }
        if (!inode.regular()) {
            return inode.directory() ? -Errno.EISDIR : -Errno.EINVAL;
        }
        long error = Access.check(task, path.mount(), inode, Vfs.WRITE, false);
        if (error == 0 && inode.appendOnly()) {
            error = -Errno.EPERM;
        }
        if (error == 0 && inode.executors > 0) {
            error = -Errno.ETXTBSY;
        }
        if (error == 0) {
            error = leases.broken(task, inode, true, true);
        }
        if (error == 0) {
            error = io.mayGrow(task, inode, size);
        }
        return error == 0 ? truncate(task, inode, size) : error;
    }

    long truncate(Task task, OpenFile file, long size) {
        if ((file.flags & Mode.O_PATH) != 0) {
            return -Errno.EBADF;
        }
        if (size < 0 || !file.writable() || !file.inode().regular()) {
            return -Errno.EINVAL;
        }
        if (file.inode().appendOnly()) {
            return -Errno.EPERM;
        }
        long error = io.mayGrow(task, file.inode(), size);
        return error == 0 ? truncate(task, file.inode(), size) : error;
    }

    /** Sets the size of a regular file; the task may. */
    static long truncate(Task task, Inode inode, long size) {
        long length = inode.length();
        if (size < length && (inode.seals & Inode.SEAL_SHRINK) != 0
                || size > length && (inode.seals & Inode.SEAL_GROW) != 0) {
            return -Errno.EPERM;
        }
        long error = inode.sb.fs().truncate(task, inode, size);
        if (error == 0 && !task.credentials.can(Credentials.CAP_FSETID)) {
            inode.mode = Access.withoutSetIds(inode.mode);
        }
        if (error == 0) {
            Xattrs.dropCapabilities(inode);
        }
        return error;
    }

    long allocate(Task task, OpenFile file, int mode, long offset, long length) {
        if (offset < 0 || length <= 0) {
            return -Errno.EINVAL;
        }
        if (!file.writable()) {
            return -Errno.EBADF;
        }
        Inode inode = file.inode();
        if (inode.type() == Mode.S_IFIFO) {
            return -Errno.ESPIPE;
        }
        if (!inode.regular()) {
            return inode.directory() ? -Errno.EISDIR : -Errno.ENODEV;
        }
        if (offset + length < 0) {
            return -Errno.EFBIG;
        }
        if (inode.immutable() || inode.appendOnly() && (mode & ~1) != 0) {
            return -Errno.EPERM;
        }
        boolean grows = (mode & 1) == 0; // FALLOC_FL_KEEP_SIZE
        boolean punches = (mode & 2) != 0;
        int sealed = punches ? Inode.SEAL_WRITE | Inode.SEAL_FUTURE_WRITE : Inode.SEAL_GROW;
        if ((punches || grows && offset + length > inode.length()) && (inode.seals & sealed) != 0) {
            return -Errno.EPERM;
        }
        long error = grows ? io.mayGrow(task, inode, offset + length) : 0;
        return error == 0 ? inode.sb.fs().allocate(task, inode, mode, offset, length) : error;
    }

    long utimes(Task task, Path path, long atime, long mtime) {
        if (atime == Vfs.UTIME_OMIT && mtime == Vfs.UTIME_OMIT) {
            return 0;
        }
        Inode inode = path.inode();
        if (path.mount().readOnly()) {
            return -Errno.EROFS;
        }
        boolean touch = atime == Vfs.UTIME_NOW && mtime == Vfs.UTIME_NOW;
        if (touch ? inode.immutable() : inode.fixed()) {
            return -Errno.EPERM;
        }
        if (!Access.owner(task, inode)) {
            long error = touch ? Access.check(task, inode, Vfs.WRITE, false) : -Errno.EPERM;
            if (error != 0) {
                return error;
            }
        }
        long now = kernel.realtime();
        long access = time(atime, now, Vfs.UTIME_OMIT);
        long modification = time(mtime, now, Vfs.UTIME_OMIT);
        long error = inode.sb.fs().change(inode, inode.mode, inode.uid, inode.gid, access, modification);
        if (error != 0) {
            return error;
        }
        inode.atime = time(access, now, inode.atime);
        inode.mtime = time(modification, now, inode.mtime);
        return changed(inode);
    }

    private static long time(long wanted, long now, long old) {
        return wanted == Vfs.UTIME_OMIT ? old : wanted == Vfs.UTIME_NOW ? now : wanted;
    }
}
