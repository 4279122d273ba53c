package vkernel.host;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The code of a host, which can be replaced while its machine runs. It comes into use by {@link HostSlot#fill} and
 * leaves by {@link HostSlot#empty}; while either call lasts nobody makes a call on it.
 */
@ConsumerType
public interface Machine extends Host {
    /** What it is and where it comes from, for people. */
    String name();

    /** Gives up the machine. Afterwards no hart is inside it and it accepts no call but {@link #adopt}. */
    MachineState release();

    /**
     * Takes over a machine, before the first call.
     *
     * @throws HostException {@code INVALID}, leaving the state untouched
     */
    void adopt(MachineState state);

    /**
     * Leaves the engine in use for another one, and does not choose it again by itself while there is another.
     *
     * @param why in words, for {@link HostSlot#exchange}
     * @return false when there is no other
     */
    boolean leaveEngine(String why);

    /**
     * A block file that is open.
     *
     * @throws HostException {@code ABSENT}
     */
    BlockFile opened(String name);
}
