package vkernel.boot.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.resource.Requirement;

/**
 * Fragments give what they have through the bundle that they attach to, so that the resolver names that one. Nobody
 * would know why they are there.
 */
final class Fragments {
    private final Parts parts;

    Fragments(Parts parts) {
        this.parts = parts;
    }

    /** Adds for each fragment among some parts that its host wants it. */
    void attach(Map<Part, List<Because>> because) {
        for (Part part : List.copyOf(because.keySet())) {
            for (Requirement host : part.revision().getRequirements(HostNamespace.HOST_NAMESPACE)) {
                parts.all().stream()
                        .filter(other -> other.revision().getCapabilities(HostNamespace.HOST_NAMESPACE).stream()
                                .anyMatch(given -> Choice.matches(host, given)))
                        .findFirst()
                        .ifPresent(other -> because.computeIfAbsent(part, none -> new ArrayList<>())
                                .add(new Because(other.name(), wants(other, part))));
            }
        }
    }

    /** What of the fragment's its host needs. */
    private static String wants(Part host, Part fragment) {
        return host.revision().getRequirements(null).stream()
                .filter(Requirements::mandatory)
                .filter(need -> fragment.revision().getCapabilities(need.getNamespace()).stream()
                        .anyMatch(given -> Choice.matches(need, given)))
                .map(Requirements::allWords)
                .findFirst()
                .orElse("bundle " + fragment.name());
    }
}
