package vkernel.boot.compose;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.osgi.resource.Wiring;
import org.osgi.service.resolver.HostedCapability;
import org.osgi.service.resolver.ResolveContext;

/** What the resolver may choose from: all parts, what is needed to run and not only to load, and nothing optional. */
final class Choice extends ResolveContext {
    /** Services that the launcher registers, before the first bundle starts. */
    private static final List<String> OF_THE_LAUNCHER =
            List.of("vkernel.host.Host", "vkernel.host.HostSlot", "vkernel.kern.Kernel", "vkernel.kern.KernelSlot");

    private final Parts parts;
    private final Wanted user;
    private final BiFunction<List<Capability>, Wanted, List<Capability>> preferred;
    private final List<Resource> resources = new ArrayList<>();
    private final Map<Requirement, List<Capability>> known = new HashMap<>();

    Choice(Parts parts, Wanted user, BiFunction<List<Capability>, Wanted, List<Capability>> preferred) {
        this.parts = parts;
        this.user = user;
        this.preferred = preferred;
        resources.add(parts.framework());
        parts.all().forEach(part -> resources.add(part.revision()));
    }

    @Override
    public Collection<Resource> getMandatoryResources() {
        return List.of(user);
    }

    /** A list of the caller's own, which it changes. */
    @Override
    public List<Capability> findProviders(Requirement wanted) {
        return new ArrayList<>(known.computeIfAbsent(wanted, this::search));
    }

    private List<Capability> search(Requirement wanted) {
        List<Capability> found = new ArrayList<>();
        for (Resource each : resources) {
            each.getCapabilities(wanted.getNamespace()).stream()
                    .filter(capability -> matches(wanted, capability))
                    .forEach(found::add);
        }
        return preferred.apply(found, user);
    }

    static boolean matches(Requirement wanted, Capability capability) {
        if (wanted instanceof BundleRequirement ofBundle && capability instanceof BundleCapability given) {
            return ofBundle.matches(given);
        }
        String filter = Objects.requireNonNull(wanted.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE));
        try {
            return FrameworkUtil.createFilter(filter).matches(capability.getAttributes());
        } catch (InvalidSyntaxException e) {
            throw new ComposeException("no filter: " + filter, e);
        }
    }

    /** A service of the launcher is always there. */
    static boolean ofTheLauncher(Requirement wanted) {
        String filter = wanted.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        return wanted.getNamespace().equals("osgi.service")
                && OF_THE_LAUNCHER.stream().anyMatch(type -> filter.equals("(objectClass=" + type + ")"));
    }

    @Override
    public int insertHostedCapability(List<Capability> capabilities, HostedCapability hosted) {
        capabilities.add(hosted);
        return capabilities.size() - 1;
    }

    @Override
    public boolean isEffective(Requirement requirement) {
        return Requirements.mandatory(requirement) && !ofTheLauncher(requirement);
    }

    @Override
    public Map<Resource, Wiring> getWirings() {
        return Map.of();
    }

    Parts parts() {
        return parts;
    }
}
