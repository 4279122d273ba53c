package vkernel.host;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Terminals of the machine around that are plugged in while the machine runs: a service of whoever started it. Any
 * thread may call.
 */
@ProviderType
public interface Terminals {
    /**
     * Opens a terminal and plugs it in as a channel.
     *
     * @param kind {@code pty}, {@code unix:FILE} or {@code null}
     * @return where its other end is: a device or a socket of this machine, or nobody
     * @throws HostException {@code INVALID}, {@code EXISTS}, {@code IO}, saying what is wrong
     */
    String plug(String channel, String kind);

    /** Takes a terminal away; one that was not plugged in here is no error. */
    void unplug(String channel);
}
