package vkernel.boot.compose;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Version;

/**
 * A kernel as a {@code .bndrun} has it: what is wanted, and what the resolver made of it.
 *
 * @param about one line for people
 * @param wanted the user's list
 * @param options of {@code -runproperties}
 * @param bundles of {@code -runbundles}, without versions; none before it was resolved
 */
public record KernelFile(
        String name, String about, List<Subsystem> wanted, Map<String, String> options, List<String> bundles) {
    static final String SUFFIX = ".bndrun";
    private static final String REQUIRES = "-runrequires";
    private static final String NEXT = ",\\\n    ";

    public static KernelFile read(Path bndrun) throws IOException {
        Properties own = new Properties();
        try (Reader reader = Files.newBufferedReader(bndrun)) {
            own.load(reader);
        }
        Map<String, String> all = new TreeMap<>();
        addIncluded(bndrun, own, all);
        own.forEach((key, value) -> all.put(key.toString(), value.toString()));
        List<String> bundles = Clauses.of(all.getOrDefault("-runbundles", "")).stream()
                .map(clause -> clause.split(";")[0].trim())
                .toList();
        String file = String.valueOf(bndrun.getFileName());
        return new KernelFile(file.replace(SUFFIX, ""), about(bndrun), requires(all), options(all), bundles);
    }

    /** What stands in the included files holds where the including one says nothing else. */
    private static void addIncluded(Path bndrun, Properties own, Map<String, String> all) throws IOException {
        for (String include : Clauses.of(own.getProperty("-include", ""))) {
            // bnd's mark of an include that holds only where nothing else is said, as it always does here
            Path file = bndrun.resolveSibling(include.replaceFirst("^~", ""));
            Properties included = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                included.load(reader);
            }
            addIncluded(file, included, all);
            included.forEach((key, value) -> all.put(key.toString(), value.toString()));
        }
    }

    private static List<Subsystem> requires(Map<String, String> all) {
        TreeSet<Subsystem> wanted = new TreeSet<>();
        all.forEach((key, value) -> {
            if (key.equals(REQUIRES) || key.startsWith(REQUIRES + ".")) {
                Clauses.of(value).forEach(clause -> requirement(clause).ifPresent(wanted::add));
            }
        });
        return List.copyOf(wanted);
    }

    private static Optional<Subsystem> requirement(String clause) {
        int id = clause.indexOf(";id=");
        return id >= 0
                ? Optional.of(Subsystem.bundle(
                        Clauses.unquoted(clause.substring(id + 4).split(";")[0])))
                : Subsystem.ofFilter(clause);
    }

    private static Map<String, String> options(Map<String, String> all) {
        Map<String, String> options = new TreeMap<>();
        for (String clause : Clauses.of(all.getOrDefault("-runproperties", ""))) {
            String[] pair = clause.split("=", 2);
            options.put(pair[0].trim(), pair.length < 2 ? "" : Clauses.unquoted(pair[1]));
        }
        return options;
    }

    private static String about(Path bndrun) throws IOException {
        try (var lines = Files.lines(bndrun)) {
            return lines.takeWhile(line -> line.startsWith("#"))
                    .map(line -> line.substring(1).trim())
                    .collect(Collectors.joining(" "));
        }
    }

    /** The same under another name. */
    KernelFile named(String other, String said) {
        return new KernelFile(other, said, wanted, options, bundles);
    }

    /** The same with another list, resolved. */
    KernelFile with(Collection<Subsystem> list, Map<String, String> settings, Resolution resolved) {
        List<String> names = resolved.parts().stream().map(Part::name).toList();
        return new KernelFile(name, about, List.copyOf(new TreeSet<>(list)), Map.copyOf(settings), names);
    }

    /** As bnd reads it too. */
    String text(Parts parts) {
        StringBuilder text = new StringBuilder();
        text.append("# ").append(about).append('\n');
        text.append("-runfw: org.apache.felix.framework\n-runee: JavaSE-25\n-resolve.effective: active\n");
        text.append("-runpath: host.api,guest.api\n");
        text.append(wanted.stream()
                .map(Subsystem::clause)
                .collect(Collectors.joining(NEXT, REQUIRES + ": \\\n    ", "\n")));
        text.append(new TreeMap<>(options)
                .entrySet().stream()
                        .map(each -> each.getKey() + "='" + each.getValue() + "'")
                        .collect(Collectors.joining(",", "-runproperties: ", "\n")));
        text.append(bundles.stream()
                .map(bundle -> bundle + version(parts.named(bundle)))
                .collect(Collectors.joining(NEXT, "-runbundles: \\\n    ", "\n")));
        return text.toString();
    }

    private static String version(Optional<Part> part) {
        return part.map(known -> {
                    Version at = known.revision().getVersion();
                    Version from = new Version(at.getMajor(), at.getMinor(), at.getMicro());
                    return ";version='[" + from + "," + new Version(at.getMajor(), at.getMinor(), at.getMicro() + 1)
                            + ")'";
                })
                .orElse("");
    }

    /** Whole or not at all. */
    void write(Path file, Parts parts) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path beside = Files.createTempFile(file.toAbsolutePath().getParent(), "kernel", ".new");
        Files.writeString(beside, text(parts));
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
