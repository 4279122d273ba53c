package vkernel.host.sim;

import vkernel.host.Clock;

/** A clock that the machine drives. */
interface MachineClock extends Clock {
    /** Whether engines must keep budgets to the instruction. */
    boolean exact();

    /** A hart is about to run user code. */
    void runs(int hart);

    /** Whether a hart waits in {@link #idle}. */
    boolean idling(int hart);

    /** Ends every wait, now and later: the machine is gone. */
    void stop();
}
