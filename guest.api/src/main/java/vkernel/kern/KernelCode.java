package vkernel.kern;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The code of a kernel, which can be replaced while guest processes run. It comes into use by {@link KernelSlot#fill}
 * and leaves by {@link KernelSlot#empty}. The state that it works on is the socket's ({@link KernelSlot#state}): it
 * may refer to it from the start and touches it only while it is in use.
 */
@ConsumerType
public interface KernelCode extends KernelCalls {
    /** What it is and where it comes from, for people. */
    String name();

    /** Id of the bundle that it comes from; 0 for none. */
    long bundle();

    /**
     * Starts to run the kernel. The lock is held; no hart of another's runs.
     *
     * @throws StateRejected leaving the state untouched
     */
    void adopt() throws StateRejected;

    /**
     * Stops: when it returns every task is off its harts but those of {@link Stragglers}, and nothing of it is reachable from
     * the state. The threads of its harts need not have ended: they do when they get the lock, and touch nothing more. The
     * lock is held. Not on a hart.
     */
    void release();

    /**
     * Does something while no hart is in user code or idle. The lock is held. Afterwards it looks again whether user
     * code can run. Not on a hart.
     */
    void standStill(Runnable action);
}
