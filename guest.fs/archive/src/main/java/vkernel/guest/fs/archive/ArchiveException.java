package vkernel.guest.fs.archive;

/** What is wrong with an archive, in words, and where. */
final class ArchiveException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The error number for the caller of mount, positive. */
    final int errno;

    ArchiveException(int errno, String message) {
        // names in an archive may hold anything
        super(message.replaceAll("\\p{Cntrl}", "?"));
        this.errno = errno;
    }

    /** @param position bytes from the start of the (unpacked) archive */
    ArchiveException(int errno, long position, String message) {
        this(errno, "at byte " + position + ": " + message);
    }
}
