package vkernel.guest.fs.vfs;

import vkernel.fs.Inode;
import vkernel.fs.Mount;
import vkernel.kern.Kernel;

/** When a file was used (inode(7)). */
final class Times {
    static final long MS_NOATIME = 1024;
    static final long MS_NODIRATIME = 2048;
    static final long MS_STRICTATIME = 1 << 24;

    private static final long DAY = 24L * 3600 * 1_000_000_000;

    /** The file was read: the access time moves when the mount's options want it (mount(8), relatime). */
    static void accessed(Kernel kernel, Mount mount, Inode inode) {
        if ((mount.flags & MS_NOATIME) != 0
                || (inode.flags & Inode.NOATIME) != 0
                || mount.readOnly()
                || inode.directory() && (mount.flags & MS_NODIRATIME) != 0) {
            return;
        }
        long now = kernel.realtime();
        boolean strict = (mount.flags & MS_STRICTATIME) != 0;
        if (strict || inode.atime <= inode.mtime || inode.atime <= inode.ctime || now - inode.atime >= DAY) {
            inode.atime = now;
            inode.sb.fs().changed(inode);
        }
    }

    /** Its contents were changed. */
    static void modified(Kernel kernel, Inode inode) {
        inode.mtime = inode.ctime = kernel.realtime();
        inode.sb.fs().changed(inode);
    }

    private Times() {}
}
