package vkernel.guest.fs.vfs;

import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.task.Credentials;
import vkernel.task.Task;

/**
 * Who may do what (path_resolution(7), Linux: generic_permission; capabilities(7)).
 */
final class Access {
    static final int MS_NOEXEC = 8;

    private static final int EXECUTE_BITS = 0111;

    /** Whether the rights of a place allow something. @return 0, -EACCES or -EROFS */
    static long check(Task task, Mount mount, Inode inode, int wanted, boolean real) {
        if ((wanted & Vfs.WRITE) != 0 && mount.readOnly() && !device(inode)) {
            return -Errno.EROFS;
        }
        if ((wanted & Vfs.EXECUTE) != 0 && inode.regular() && (mount.flags & MS_NOEXEC) != 0) {
            return -Errno.EACCES;
        }
        return check(task, inode, wanted, real);
    }

    private static boolean device(Inode inode) {
        return !inode.regular() && !inode.directory() && !inode.symlink();
    }

    /** Whether the mode of a file allows something. @return 0, -EACCES or -EPERM */
    static long check(Task task, Inode inode, int wanted, boolean real) {
        if ((wanted & Vfs.WRITE) != 0 && inode.immutable()) {
            return -Errno.EPERM;
        }
        Credentials who = task.credentials;
        int uid = real ? who.uid() : who.fsuid();
        int shift = uid == inode.uid ? 6 : group(who, inode.gid, real) ? 3 : 0;
        if ((inode.mode >> shift & wanted) == wanted) {
            return 0;
        }
        return overridden(inode, wanted, real ? ofReal(who) : who.capabilities().effective()) ? 0 : -Errno.EACCES;
    }

    /** The capabilities of who asks as its real user (access(2)). */
    private static long ofReal(Credentials who) {
        return who.uid() == 0 ? who.capabilities().permitted() : 0;
    }

    private static boolean overridden(Inode inode, int wanted, long capabilities) {
        boolean searches = inode.directory() ? (wanted & Vfs.WRITE) == 0 : wanted == Vfs.READ;
        if (searches && (capabilities >>> Credentials.CAP_DAC_READ_SEARCH & 1) != 0) {
            return true;
        }
        boolean runs = inode.directory() || (wanted & Vfs.EXECUTE) == 0 || (inode.mode & EXECUTE_BITS) != 0;
        return runs && (capabilities >>> Credentials.CAP_DAC_OVERRIDE & 1) != 0;
    }

    private static boolean group(Credentials who, int gid, boolean real) {
        return real ? gid == who.gid() || who.groups().contains(gid) : who.inGroup(gid);
    }

    /** Whether the task owns the file or may act as if. */
    static boolean owner(Task task, Inode inode) {
        return task.credentials.fsuid() == inode.uid || task.credentials.can(Credentials.CAP_FOWNER);
    }

    /** Whether the task may make another name for a file: its own, or one that it may change (protected_hardlinks). */
    static boolean linkable(Task task, Inode inode) {
        boolean plain = inode.regular() && (inode.mode & Mode.S_ISUID) == 0 && (inode.mode & 02010) != 02010;
        return owner(task, inode) || plain && check(task, inode, Vfs.READ | Vfs.WRITE, false) == 0;
    }

    /** Whether a directory is sticky and the file is not the task's to remove. */
    static boolean sticky(Task task, Inode dir, Inode victim) {
        int uid = task.credentials.fsuid();
        boolean stranger = uid != victim.uid && uid != dir.uid;
        return (dir.mode & Mode.S_ISVTX) != 0 && stranger && !task.credentials.can(Credentials.CAP_FOWNER);
    }

    /** A mode without the set-ID bits that do not survive a change of contents or owner (inode(7)). */
    static int withoutSetIds(int mode) {
        int kept = mode & ~Mode.S_ISUID;
        return (mode & 0010) != 0 ? kept & ~Mode.S_ISGID : kept;
    }

    private Access() {}
}
