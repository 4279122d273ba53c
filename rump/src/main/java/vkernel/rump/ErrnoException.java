package vkernel.rump;

import java.io.IOException;
import vkernel.kern.Errno;

/** A subsystem has said no. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param error negative, as calls return it */
    public ErrnoException(String what, long error) {
        super(what + ": " + words((int) -error));
        errno = (int) -error;
    }

    /** See {@link Errno}. */
    public int errno() {
        return errno;
    }

    private static String words(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "no such file or folder";
            case Errno.ENOTDIR -> "not a folder";
            case Errno.EISDIR -> "a folder";
            case Errno.EEXIST -> "there is one already";
            case Errno.ENOTEMPTY -> "not empty";
            case Errno.EROFS -> "a read-only file system";
            case Errno.ENOSPC -> "no space left";
            case Errno.EUCLEAN -> "the file system is damaged";
            case Errno.EIO -> "input or output failed";
            case Errno.EINVAL -> "not possible (EINVAL)";
            case Errno.ELOOP -> "too many symbolic links";
            default -> Errno.name(errno);
        };
    }
}
