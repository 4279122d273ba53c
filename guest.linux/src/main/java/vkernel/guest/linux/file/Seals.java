package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EBUSY;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.fs.Inode;
import vkernel.fs.OpenFile;
import vkernel.vm.PageCache;

/** F_ADD_SEALS, F_GET_SEALS of fcntl(2): what may never again be done with a file in memory. */
final class Seals {
    private static final int KNOWN = Inode.SEAL_SEAL
            | Inode.SEAL_SHRINK
            | Inode.SEAL_GROW
            | Inode.SEAL_WRITE
            | Inode.SEAL_FUTURE_WRITE
            | Inode.SEAL_EXEC;

    private Seals() {}

    private static boolean sealable(OpenFile file) {
        return file.inode().regular() && file.inode().sb.type.name().equals("fs.tmpfs");
    }

    static long get(OpenFile file) {
        return sealable(file) ? file.inode().seals : -EINVAL;
    }

    static long add(OpenFile file, int seals) {
        if (!file.writable()) {
            return -EPERM;
        }
        if ((seals & ~KNOWN) != 0 || !sealable(file)) {
            return -EINVAL;
        }
        Inode inode = file.inode();
        if ((inode.seals & Inode.SEAL_SEAL) != 0) {
            return -EPERM;
        }
        if ((seals & Inode.SEAL_WRITE) != 0 && (inode.seals & Inode.SEAL_WRITE) == 0 && mappedForWriting(inode)) {
            return -EBUSY;
        }
        boolean executable = (seals & Inode.SEAL_EXEC) != 0 && (inode.mode & 0111) != 0;
        int more = Inode.SEAL_SHRINK | Inode.SEAL_GROW | Inode.SEAL_WRITE | Inode.SEAL_FUTURE_WRITE;
        inode.seals |= executable ? seals | more : seals;
        return 0;
    }

    private static boolean mappedForWriting(Inode inode) {
        PageCache pages = inode.pages;
        return pages != null
                && pages.mappings.stream().anyMatch(vma -> vma.shared && vma.file != null && vma.file.writable());
    }
}
