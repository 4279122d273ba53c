package vkernel.boot.instance;

/** Something cannot be done with an instance; the message says why. */
public final class InstanceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InstanceException(String message) {
        super(message);
    }

    public InstanceException(String message, Throwable cause) {
        super(message, cause);
    }
}
