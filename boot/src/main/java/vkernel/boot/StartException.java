package vkernel.boot;

import vkernel.kern.Errno;

/** A guest program could not be started. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** @param why what the kernel said; empty for nothing */
    StartException(String program, int errno, String why) {
        super(program + ": " + (why.isEmpty() ? reason(errno) : why));
        this.errno = errno;
    }

    private static String reason(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "not found in the root file system";
            case Errno.EACCES -> "not executable";
            case Errno.ENOEXEC -> "not a program for riscv64 Linux";
            case Errno.EISDIR -> "is a folder";
            case Errno.ENOMEM -> "needs more memory than there is";
            default -> Errno.name(errno);
        };
    }

    /** The error number of execve(2). */
    public int errno() {
        return errno;
    }

    /** The exit status that a shell would give: 127 when it was not found, else 126. */
    public int status() {
        return errno == Errno.ENOENT ? 127 : 126;
    }
}
