package vkernel.kern;

import java.util.Arrays;

/**
 * Thrown into a handler that does not end, by the watchdog of guest.kern (see {@link Poll}). It is nobody's to catch:
 * who does is thrown into again.
 */
public final class Stalled extends Error {
    private static final long serialVersionUID = 1L;

    /** Its trace begins where the handler was, not with {@link Poll}, which threw it. */
    public Stalled(String message) {
        super(message);
        setStackTrace(Arrays.stream(getStackTrace())
                .dropWhile(frame -> frame.getClassName().equals(Poll.class.getName()))
                .toArray(StackTraceElement[]::new));
    }
}
