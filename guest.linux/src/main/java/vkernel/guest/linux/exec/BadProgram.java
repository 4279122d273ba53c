package vkernel.guest.linux.exec;

/** A file that cannot be run, and why. */
final class BadProgram extends Exception {
    private static final long serialVersionUID = 1L;

    /** What execve(2) returns, negative. */
    final long errno;

    /** @param errno positive error number */
    BadProgram(int errno, String message) {
        super(message, null, false, false);
        this.errno = -errno;
    }
}
