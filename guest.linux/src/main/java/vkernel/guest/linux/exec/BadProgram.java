package vkernel.guest.linux.exec;

/** A file that cannot be run, and why. */
final class BadProgram extends Exception {
    private static final long serialVersionUID = 1L;

    /** What execve(2) returns, negative. */
    final long errno;

    /** Linux finds it out when the old program is gone: there is nothing to return to, the process dies by SIGSEGV. */
    final boolean fatal;

    /** @param errno positive error number */
    BadProgram(int errno, String message) {
        this(errno, message, false);
    }

    private BadProgram(int errno, String message, boolean fatal) {
        super(message, null, false, false);
        this.errno = -errno;
        this.fatal = fatal;
    }

    static BadProgram fatal(int errno, String message) {
        return new BadProgram(errno, message, true);
    }
}
