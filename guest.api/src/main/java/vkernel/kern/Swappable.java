package vkernel.kern;

/**
 * A subsystem whose hard state outlives the bundle that computed it. The state is a record of guest.api whose graph
 * holds types of guest.api and plain JDK values and collections only.
 */
public interface Swappable<S extends Record> {
    /** Gives up all hard state; afterwards this instance accepts no call. The kernel lock is held. */
    S release();

    /**
     * Takes over {@code state} before the first call. The kernel lock is held.
     *
     * @throws StateRejected leaving {@code state} untouched
     */
    void adopt(S state) throws StateRejected;
}
