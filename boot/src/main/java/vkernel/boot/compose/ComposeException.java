package vkernel.boot.compose;

/** A kernel cannot be composed so; the message says what is missing or contradictory, for whom, and what could help. */
public final class ComposeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ComposeException(String message) {
        super(message);
    }

    public ComposeException(String message, Throwable cause) {
        super(message, cause);
    }
}
