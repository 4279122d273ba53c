package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.EROFS;

import vkernel.fs.Inode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.user.User;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** ioctl_iflags(2): what chattr(1) says of a file on a file system that has such flags. */
final class FileFlags {
    /** The numbers say long, the argument is an int. */
    static final int GET = 0x8008_6601, SET = 0x4008_6602;

    /** What root alone may say, and take back. */
    private static final int OF_ROOT = Inode.IMMUTABLE | Inode.APPEND;

    private final User user;

    FileFlags(User user) {
        this.user = user;
    }

    /** Whether a file has flags at all; who asks for those of another is told -ENOTTY. */
    static boolean has(OpenFile file) {
        return file.inode().sb.fs().flags() != 0
                && (file.inode().regular() || file.inode().directory());
    }

    long get(Task task, OpenFile file, long va) {
        return user.giveInt(task, va, file.inode().flags);
    }

    long set(Task task, OpenFile file, long va) {
        if (!user.read(task, va, 4)) {
            return -EFAULT;
        }
        Inode inode = file.inode();
        int flags = user.i32(0);
        Credentials who = task.credentials;
        if (file.path.mount().readOnly()) {
            return -EROFS;
        }
        boolean owns = who.can(Credentials.CAP_FOWNER) || who.fsuid() == inode.uid;
        boolean ofRoot = ((inode.flags ^ flags) & OF_ROOT) != 0;
        if (!owns || ofRoot && !who.can(Credentials.CAP_LINUX_IMMUTABLE)) {
            return -EPERM;
        }
        if ((flags & ~inode.sb.fs().flags()) != 0) {
            return -EOPNOTSUPP;
        }
        inode.flags = flags;
        return 0;
    }
}
