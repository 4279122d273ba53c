package vkernel.host.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.host.Ram;

/**
 * Executes RV64GC user code. An OSGi service with the property {@code engine} (its name). All state of an engine is
 * soft: registers are the kernel's, translations can be made again.
 */
@ProviderType
public interface Engine {
    /** {@code interpreter}, {@code translator}, {@code native}, … */
    String name();

    /** Whether this machine's processor and system can run it; one that cannot is never used. */
    default boolean usable() {
        return true;
    }

    /**
     * Gives the machine's memory, before the first run. It is called again with the same memory when the host was
     * replaced: what the engine made of its code is then still right, as every change was reported.
     */
    void attach(Ram ram);

    /**
     * Runs {@code hart.regs} from {@code hart.regs[PC]} until a trap, as {@link vkernel.host.Vmspaces#run} says.
     * Every harts' threads may be in it at once.
     *
     * <p>{@code hart.retired} grows by the instructions retired, and never by more than {@code budget} when it is
     * exact. Where an instruction reads the clock, the engine first brings {@code hart.retired} up to date and calls
     * {@link Hart#reportRetired}, so that virtual time is right in the middle of a run.
     *
     * @param exact whether the budget must be kept to the instruction (virtual time)
     * @return {@code hart.trap}
     */
    int run(Hart hart, long budget, boolean exact);

    /**
     * The contents of a frame marked by {@link Ram#markCode} were or are about to be changed: forget its code, and also
     * what was read from it since {@code markCode} was called and is still being translated. Any thread. A hart
     * that is executing the old code now goes on at most until its next poll or jump.
     */
    void codeChanged(int frame);

    /** What there is and what was done, by name, in the order to be shown; empty if it counts nothing. Any thread. */
    default Map<String, Long> figures() {
        return Map.of();
    }

    /**
     * Watches for so long where harts are that are not in code it has made, for whoever works on the engine. Any thread but a
     * hart's.
     *
     * @return tables by guest address, to be read by people; none if it does not watch
     */
    default Optional<String> profile(Duration time) throws InterruptedException {
        return Optional.empty();
    }
}
