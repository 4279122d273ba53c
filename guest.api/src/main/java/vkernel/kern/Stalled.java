package vkernel.kern;

/**
 * Thrown into a handler that does not end, by the watchdog of guest.kern (see {@link Poll}). It is nobody's to catch:
 * who does is thrown into again.
 */
public final class Stalled extends Error {
    private static final long serialVersionUID = 1L;

    public Stalled(String message) {
        super(message);
    }
}
