package vkernel.kern;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replaces subsystems while the kernel runs. An OSGi service of guest.kern. Any thread, without the kernel lock: bundles
 * are installed and started before the lock is taken.
 *
 * <p>A subsystem is named by a slot: {@code vm}, {@code vfs}, {@code abi}, {@code sched}, {@code fs.tmpfs},
 * {@code dev.console}, … Slots whose providers are one object ({@code streams} and {@code dev.console}) are replaced
 * together, and each of their names means both.
 *
 * <p>The successor stands beside the provider of now: it is resolved and started before the guest is stopped, and the
 * former one stays as predecessor, to go back to.
 */
@ProviderType
public interface Swaps {
    /**
     * Replaces one subsystem.
     *
     * @param subsystem name of a slot
     * @param bundle id, symbolic name, file or URL of the successor's bundle; one that is in the slot already is loaded
     *     a second time
     * @param dryRun rehearses: the successor takes the state over, is checked, and gives it back before any call
     * @return what came of it; never null, and nothing is thrown for what the bundle does
     */
    SwapReport swap(String subsystem, String bundle, boolean dryRun);

    /**
     * Installs a bundle made in memory; it takes over every slot that it provides for.
     *
     * @param location where the framework is to say that it comes from; a number is added, so that one of the same
     *     location may be there already
     * @param jar the bundle
     * @return one report for each subsystem that it provides; one that says why when there is none
     */
    List<SwapReport> install(String location, byte[] jar);

    /**
     * Goes back to the predecessor, which adopts the state of now.
     *
     * @param subsystem name of a slot, or empty for the one that was swapped last
     */
    SwapReport rollback(String subsystem);

    /**
     * Takes what some bundles provide out of the kernel for good, when nobody uses it: what it kept is forgotten, and
     * nobody waits for a successor. Who else could serve does. The bundles are not touched.
     *
     * @param bundles their ids
     * @return who uses it, one line each, and then nothing has changed; empty when it is out of the kernel
     */
    List<String> retire(Collection<Long> bundles);

    /** All reports since boot, the oldest first; at most some hundreds. */
    List<SwapReport> history();

    /**
     * Tells somebody of every report from now on, in their order.
     *
     * @param listener called with the kernel lock held: it takes note and returns
     */
    void listen(Consumer<SwapReport> listener);

    /** Tells it no more. */
    void unlisten(Consumer<SwapReport> listener);

    /** How every subsystem stands, by name. */
    List<Standing> standings();

    /**
     * One subsystem.
     *
     * @param subsystem name of its slot; of several that go together all names, with {@code +} between
     * @param provider bundle and class; empty when there is none
     * @param predecessor what a rollback goes back to; empty for nothing
     * @param condition how it is
     * @param why in words, when there is more to say
     * @param oopses bugs that it had to be blamed for since boot
     * @param quarantined bundles that have failed too often to be tried again
     * @param held former providers whose classes are still in memory though their bundle is gone
     */
    record Standing(
            String subsystem,
            String provider,
            String predecessor,
            Condition condition,
            String why,
            int oopses,
            List<String> quarantined,
            int held) {
        public Standing {
            quarantined = List.copyOf(quarantined);
        }
    }

    /** How a subsystem is. */
    enum Condition {
        /** In service. */
        FINE,
        /** In service since a swap: its first bug brings the predecessor back. */
        ON_PROBATION,
        /** Without a provider, its state kept: guest time stands still, or the kernel makes do with its own. */
        MISSING
    }
}
