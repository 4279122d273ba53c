package vkernel.kern;

/**
 * A subsystem whose hard state outlives the bundle that computed it. The state is a record of guest.api (one that can
 * be checked is a {@link HardState}; somebody's own is an {@link OpenState}) whose graph holds types of guest.api and
 * plain JDK values and collections only.
 *
 * <p>A provider's constructor touches no kernel object: it is made while its predecessor still serves. One that is
 * called without having adopted anything is the first of its kind, and begins with nothing. All provider objects that
 * the kernel or its objects hold (timers, interrupt lines, listeners of host channels) are let go of by
 * {@link #release} and made anew by {@link #adopt}.
 */
public interface Swappable<S extends Record> {
    /**
     * Does beforehand what would only make the guest wait in {@link #adopt} or {@link #release}: has the JVM link the code
     * of both, by a walk through it with an empty state; builds tables. Called once on a successor, beside the
     * predecessor, without the kernel lock: it touches no kernel object.
     */
    default void prepare() throws StateRejected {}

    /**
     * Gives up all hard state; afterwards this instance accepts no call but {@link #adopt}, by which it may come back.
     * The kernel lock is held, and no handler is under way.
     */
    S release();

    /**
     * Takes over {@code state} before the first call. The kernel lock is held.
     *
     * @throws StateRejected leaving {@code state} untouched
     */
    void adopt(S state) throws StateRejected;
}
