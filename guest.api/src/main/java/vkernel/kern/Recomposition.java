package vkernel.kern;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the running kernel is composed of, and changes of that while it runs: a service of whoever booted it, which knows
 * what there is to choose from. Any thread, without the kernel lock. Capabilities are named as {@code vk kernel} has
 * them: {@code fs:proc}, {@code sched:rr}, {@code net}.
 *
 * <p>Every method throws {@link IllegalArgumentException} when it cannot be done, saying what is missing, who wants it or
 * who uses it; nothing has changed then.
 */
@ProviderType
public interface Recomposition {
    /** Adds capabilities with the parts that they need. What is a file system is mounted where a boot would mount it. */
    Change add(List<String> capabilities);

    /** Takes capabilities away with the parts that only they needed, unless somebody uses one of them. */
    Change remove(List<String> capabilities);

    /** The parts of now, by name. */
    List<Part> parts();

    /**
     * Writes the composition so that a kernel that is booted with it is composed as this one: its parts, its policy of
     * now, its mounts.
     *
     * @param target a kernel's name, for {@code --kernel}, or a file ({@code FILE.bndrun})
     * @return where it was written, and what could not be
     */
    List<String> save(String target);

    /**
     * A part of a kernel.
     *
     * @param name its bundle
     * @param bytes of its jar
     * @param millis its start was measured to take, of processor time; 0 when it was not
     * @param because who wants it, and what of it
     */
    record Part(String name, String about, long bytes, double millis, String because) {}

    /**
     * What a change came to.
     *
     * @param removed names of parts
     * @param said what else is different, in sentences
     * @param nanos from the request to its end
     */
    record Change(List<Part> added, List<String> removed, List<String> said, long nanos) {
        public Change {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            said = List.copyOf(said);
        }
    }
}
