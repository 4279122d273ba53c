package vkernel.host;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.host.engine.Hart;

/**
 * A machine: memory, harts, address spaces, a clock and devices. As an OSGi service it is a {@link HostSlot}, which
 * stays while the host's code comes and goes.
 */
@ProviderType
public interface Host {
    /** What this machine was made of. */
    MachineConfig config();

    /** Guest RAM: one range of physical addresses from 0. Its contents never move. */
    Ram ram();

    /** The address spaces in which user code can be run. */
    Vmspaces vmspaces();

    /** The machine's clock. */
    Clock clock();

    /** The machine's source of random bytes. */
    Entropy entropy();

    /**
     * A hart (hardware thread) of the machine.
     *
     * @param id 0 to {@code config().harts() - 1}
     * @throws IndexOutOfBoundsException for any other id
     */
    Hart hart(int id);

    /**
     * A channel of bytes to the outside: a console, a pipe.
     *
     * @throws HostException {@code ABSENT} when the machine was given no channel of that name
     */
    Channel channel(String name);

    /**
     * Plugs a channel in while the machine runs. Any thread.
     *
     * @throws HostException {@code EXISTS} when there is one of that name
     */
    void plug(String name, Channel channel);

    /** Takes a channel away; a name that is not there is no error. Who has it open may go on using it. Any thread. */
    void unplug(String name);

    /**
     * Read-only memory that the machine was given: a boot archive, say.
     *
     * @throws HostException {@code ABSENT} when the machine was given no ROM of that name
     */
    Rom rom(String name);

    /**
     * Opens a block file that the machine was given.
     *
     * @throws HostException {@code ABSENT} when there is none of that name, {@code BUSY} when it is open already
     *     (here or in another process), {@code IO} when the host refuses
     */
    BlockFile open(String name);

    /** The block files there are, by name. */
    Map<String, BlockSource> blockFiles();

    /**
     * Plugs a block file in while the machine runs. Any thread.
     *
     * @throws HostException {@code EXISTS} when there is one of that name
     */
    void plug(String name, BlockSource file);

    /**
     * Takes a block file away; a name that is not there is no error. Any thread.
     *
     * @throws HostException {@code BUSY} while it is open
     */
    void unplugFile(String name);

    /** Names of the execution engines there are, the best first. */
    List<String> engines();

    /** The name of the engine in use; none while there is none, and then no user code runs. */
    Optional<String> engine();

    /** What the engine in use counts, see {@link vkernel.host.engine.Engine#figures}; empty while there is none. */
    Map<String, Long> engineFigures();

    /** What the engine in use sees of its harts for so long, see {@link vkernel.host.engine.Engine#profile}. */
    Optional<String> engineProfile(Duration time) throws InterruptedException;

    /**
     * Uses another engine from now on, whenever it is there. Any thread but a hart's.
     *
     * @throws HostException {@code ABSENT} when there is none of that name
     */
    void useEngine(String name);

    /**
     * A folder that the machine was given.
     *
     * @throws HostException {@code ABSENT} when there is none of that name
     */
    default Folder folder(String name) {
        throw new HostException(HostException.Reason.ABSENT, "the machine has no folder named " + name);
    }

    /**
     * Gives the machine a folder while it runs, to be closed with it. Any thread.
     *
     * @throws HostException {@code EXISTS} when there is one of that name
     */
    default void plug(String name, Folder folder) {
        throw new HostException(HostException.Reason.INVALID, "this machine takes no folders");
    }

    /** Takes a folder away and closes it; a name that is not there is no error. Any thread. */
    default void unplugFolder(String name) {}

    /** The folders there are, by name. */
    default Map<String, Folder> folders() {
        return Map.of();
    }
}
