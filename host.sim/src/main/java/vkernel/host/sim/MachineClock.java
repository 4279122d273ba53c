package vkernel.host.sim;

import vkernel.host.Clock;
import vkernel.host.ClockState;

/** A clock that the machine drives. */
interface MachineClock extends Clock {
    /** Whether engines must keep budgets to the instruction. */
    boolean exact();

    /** A hart is about to run user code. */
    void runs(int hart);

    /** Whether a hart waits in {@link #idle}. */
    boolean idling(int hart);

    /** Time stands still from now on: there is no engine. Real time has much to catch up with, virtual time nothing. */
    void stand();

    /** Time goes on where it stood. */
    void goOn();

    /** Where it is now, for a successor. */
    ClockState state();

    /** Ends every wait, now and later: the machine is gone. */
    void stop();
}
