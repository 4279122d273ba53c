package vkernel.boot.compose;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.resolver.Logger;
import org.apache.felix.resolver.ResolverImpl;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Capability;
import org.osgi.resource.Resource;
import org.osgi.resource.Wire;
import org.osgi.service.resolver.ResolutionException;

/** Finds the parts that a list of capabilities needs, by the resolver of the OSGi framework. */
public final class Composer {
    private final Parts parts;
    private final Map<Resource, Part> byResource = new HashMap<>();

    public Composer(Parts parts) {
        this.parts = parts;
        parts.all().forEach(part -> byResource.put(part.revision(), part));
    }

    /** @throws ComposeException saying what is missing, who wants it, and what could give it */
    public Resolution resolve(Collection<Subsystem> wanted) {
        Wanted user = new Wanted(wanted);
        new Missing(parts).check(wanted);
        try {
            // on this thread: the resolver's own would stay for a minute
            Map<Resource, List<Wire>> wires =
                    new ResolverImpl(new Logger(0), Runnable::run).resolve(new Choice(parts, user, this::preferred));
            return resolution(wires);
        } catch (ResolutionException e) {
            throw new ComposeException(contradiction(e), e);
        }
    }

    /** Of several that would do: what the user asked for, then whatever itself asks for the least. */
    private List<Capability> preferred(List<Capability> candidates, Wanted user) {
        candidates.sort(Comparator.<Capability>comparingInt(each -> rank(each, user))
                .thenComparingInt(
                        each -> each.getResource().getRequirements(null).size())
                .thenComparing(each -> each.getResource().toString()));
        return candidates;
    }

    private int rank(Capability candidate, Wanted user) {
        if (candidate.getResource() == parts.framework()) {
            return 0;
        }
        Part part = byResource.get(candidate.getResource());
        return part != null && user.asksFor(part) ? 1 : 2;
    }

    private Resolution resolution(Map<Resource, List<Wire>> wires) {
        Map<String, Part> chosen = new TreeMap<>();
        Map<Part, List<Because>> because = new LinkedHashMap<>();
        wires.keySet().stream()
                .filter(byResource::containsKey)
                .map(byResource::get)
                .forEach(part -> chosen.put(part.name(), part));
        chosen.values().forEach(part -> because.put(part, new ArrayList<>()));
        wires.forEach((resource, its) -> its.forEach(wire -> {
            Part provider = byResource.get(wire.getProvider());
            if (provider == null || wire.getProvider().equals(resource)) {
                return;
            }
            Part requirer = byResource.get(resource);
            Because reason = new Because(
                    requirer == null ? Because.USER : requirer.name(), Requirements.allWords(wire.getRequirement()));
            because.computeIfAbsent(provider, none -> new ArrayList<>()).add(reason);
        }));
        new Fragments(parts).attach(because);
        return new Resolution(List.copyOf(chosen.values()), because);
    }

    private String contradiction(ResolutionException e) {
        String unmet = e.getUnresolvedRequirements().stream()
                .map(each -> new Because(nameOf(each.getResource()), Requirements.allWords(each)).toString())
                .distinct()
                .reduce((one, other) -> one + "; " + other)
                .orElseGet(() -> String.valueOf(e.getMessage()));
        return "these do not go together: " + unmet;
    }

    private String nameOf(Resource resource) {
        Part part = byResource.get(resource);
        if (part != null) {
            return part.name();
        }
        return resource instanceof BundleRevision other ? other.getSymbolicName() : Because.USER;
    }
}
