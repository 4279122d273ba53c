package vkernel.guest.fs.ext;

import vkernel.kern.Errno;

/** Why an operation cannot go on; nothing of it has happened then. */
final class Halt extends Exception {
    private static final long serialVersionUID = 1L;

    /** A negative error number; 0 when {@link #block} is wanted. */
    final int error;
    /** A block that is not in memory. */
    final long block;

    private Halt(int error, long block, String what) {
        super(what, null, false, false);
        this.error = error;
        this.block = block;
    }

    /** It needs a block that must be read first. */
    static Halt missing(long block) {
        return new Halt(0, block, "");
    }

    static Halt error(int errno) {
        return new Halt(-errno, 0, "");
    }

    static Halt noSpace() {
        return error(Errno.ENOSPC);
    }

    /** What is on the disk makes no sense. */
    static Halt damaged(String what, Object... values) {
        return new Halt(-Errno.EUCLEAN, 0, what.formatted(values));
    }

    /** What is wrong with the disk; empty when it is not. */
    String damage() {
        return error == -Errno.EUCLEAN ? getMessage() : "";
    }
}
