package vkernel.kern;

/** A successor cannot take over the state that it was offered; the message says why. */
public final class StateRejected extends Exception {
    private static final long serialVersionUID = 1L;

    public StateRejected(String message) {
        super(message);
    }
}
