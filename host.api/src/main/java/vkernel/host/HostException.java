package vkernel.host;

/** A host call that failed: the caller's mistake or the host's failure, never the user program's. */
public final class HostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a host call failed. The names are vmspace(2)'s errors in words. */
    public enum Reason {
        /** The thing to be created is there already (EEXIST). */
        EXISTS,
        /** No such thing (ENOENT). */
        ABSENT,
        /** In use: a hart runs in it, or somebody else has it open (EBUSY). */
        BUSY,
        /** An argument is out of range or misaligned (EINVAL). */
        INVALID,
        /** The host has no memory left for it (ENOMEM). */
        NO_MEMORY,
        /** The host's input or output failed (EIO). */
        IO
    }

    private final Reason reason;

    public HostException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public HostException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
