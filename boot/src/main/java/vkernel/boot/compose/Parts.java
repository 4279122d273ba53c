package vkernel.boot.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Everything that a kernel can be made of. The manifests are read by an OSGi framework in which the bundles are
 * installed and never started: what it understands is what a kernel's framework will.
 */
public final class Parts {
    private final Map<String, Part> all = new TreeMap<>();
    private final BundleRevision framework;

    /**
     * @param installed bundles and the framework (bundle 0) with what the launcher adds to it
     * @param jars of the bundles
     * @param startTimes milliseconds by symbolic name
     */
    public Parts(List<Bundle> installed, Map<Bundle, Path> jars, Properties startTimes) throws IOException {
        BundleRevision system = null;
        for (Bundle bundle : installed) {
            BundleRevision revision = Objects.requireNonNull(bundle.adapt(BundleRevision.class));
            Path jar = jars.get(bundle);
            if (jar == null) {
                system = revision;
                continue;
            }
            String about = bundle.getHeaders("").get("Bundle-Description");
            String name = bundle.getSymbolicName();
            double millis = Double.parseDouble(startTimes.getProperty(name, "0"));
            all.put(name, new Part(name, about == null ? "" : about, jar, Files.size(jar), millis, revision));
        }
        framework = Objects.requireNonNull(system, "no framework among the bundles");
    }

    /** What a kernel stands on: the framework with the API packages. */
    BundleRevision framework() {
        return framework;
    }

    /** By name. */
    public List<Part> all() {
        return List.copyOf(all.values());
    }

    public Optional<Part> named(String symbolicName) {
        return Optional.ofNullable(all.get(symbolicName));
    }

    /** Those that are such a subsystem. */
    public List<Part> giving(Subsystem wanted) {
        return all.values().stream().filter(part -> part.is(wanted)).toList();
    }

    /** Every subsystem there is. */
    public List<Subsystem> subsystems() {
        return all.values().stream()
                .flatMap(part -> part.subsystems().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * What a person means: {@code sched:fair}, {@code net}, or {@code fair} alone when only one has that value.
     *
     * @throws ComposeException when there is none, saying what there is
     */
    public Subsystem meant(String text) {
        Subsystem asked = Subsystem.named(text);
        if (asked.kind().equals(Subsystem.BUNDLE)
                ? all.containsKey(asked.value())
                : !giving(asked).isEmpty()) {
            return asked;
        }
        List<Subsystem> byValue =
                subsystems().stream().filter(each -> each.value().equals(text)).toList();
        if (byValue.size() == 1) {
            return byValue.getFirst();
        }
        if (all.containsKey(text)) {
            List<Subsystem> its = all.get(text).subsystems();
            return its.isEmpty() ? Subsystem.bundle(text) : its.getFirst();
        }
        throw new ComposeException(unknown(asked, byValue));
    }

    private String unknown(Subsystem asked, List<Subsystem> several) {
        if (!several.isEmpty()) {
            return asked + " is not clear: do you mean " + Words.or(several) + "?";
        }
        List<Subsystem> kin = subsystems().stream()
                .filter(each -> each.kind().equals(asked.kind()))
                .toList();
        return "nothing here gives " + asked + "; "
                + (kin.isEmpty() ? "there are " + Words.and(subsystems()) : "of its kind there are " + Words.and(kin));
    }

    /** The values of an attribute among some parts, for instance the scheduler policies of a kernel. */
    static List<String> values(Stream<Part> some, String kind) {
        List<String> values = new ArrayList<>();
        some.flatMap(part -> part.subsystems().stream())
                .filter(each -> each.kind().equals(kind) && !each.value().isEmpty())
                .forEach(each -> values.add(each.value()));
        return values;
    }
}
