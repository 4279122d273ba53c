package vkernel.boot.compose;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** The user's list as the resource that the resolver begins with. */
final class Wanted implements Resource {
    /** One entry of it. */
    private record Entry(Resource getResource, String getNamespace, Map<String, String> getDirectives)
            implements Requirement {
        @Override
        public Map<String, Object> getAttributes() {
            return Map.of();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return getDirectives.hashCode(); // not the resource's, which has this
        }
    }

    private final List<Subsystem> entries;
    private final List<Requirement> requirements;

    Wanted(Collection<Subsystem> entries) {
        this.entries = List.copyOf(entries);
        requirements = this.entries.stream().map(this::requirement).toList();
    }

    private Requirement requirement(Subsystem each) {
        return each.kind().equals(Subsystem.BUNDLE)
                ? new Entry(
                        this,
                        IdentityNamespace.IDENTITY_NAMESPACE,
                        Map.of("filter", "(" + IdentityNamespace.IDENTITY_NAMESPACE + "=" + each.value() + ")"))
                : new Entry(this, Subsystem.NAMESPACE, Map.of("filter", each.filter()));
    }

    boolean asksFor(Part part) {
        return entries.stream().anyMatch(part::is);
    }

    @Override
    public List<Capability> getCapabilities(String namespace) {
        return List.of();
    }

    @Override
    public List<Requirement> getRequirements(String namespace) {
        return namespace == null || requirements.isEmpty()
                ? requirements
                : requirements.stream()
                        .filter(each -> each.getNamespace().equals(namespace))
                        .toList();
    }
}
