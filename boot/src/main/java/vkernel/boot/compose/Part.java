package vkernel.boot.compose;

import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.wiring.BundleRevision;

/**
 * A bundle that a kernel can be made of.
 *
 * @param name symbolic name
 * @param about one line, for people
 * @param bytes size of its jar
 * @param millis how long it takes to start, as was measured; 0 when it was not
 * @param revision what it provides and needs, as the framework read its manifest
 */
public record Part(String name, String about, Path jar, long bytes, double millis, BundleRevision revision) {
    /** What it says that it is; empty for a bundle that is no subsystem. */
    public List<Subsystem> subsystems() {
        return revision.getCapabilities(Subsystem.NAMESPACE).stream()
                .map(Subsystem::of)
                .sorted()
                .toList();
    }

    /** What it asks of others, in a person's words; not what every kernel has, nor what is optional. */
    public List<String> needs() {
        return revision.getRequirements(null).stream()
                .filter(Requirements::mandatory)
                .filter(need -> !Choice.ofTheLauncher(need))
                .filter(need -> revision.getCapabilities(need.getNamespace()).stream()
                        .noneMatch(own -> Choice.matches(need, own)))
                .map(Requirements::words)
                .filter(words -> !words.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    boolean is(Subsystem wanted) {
        return wanted.kind().equals(Subsystem.BUNDLE)
                ? wanted.value().equals(name)
                : subsystems().stream().anyMatch(wanted::matches);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Part part && part.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
