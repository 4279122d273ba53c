package vkernel.boot;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import vkernel.boot.compose.Clauses;

/**
 * What a kernel is composed of, as the resolver left it in a {@code .bndrun} file (see {@code cnf/kernels}).
 *
 * @param name of the kernel
 * @param bundles symbolic names, of {@code -runbundles}; without versions: a distribution holds one version of each
 * @param options of {@code -runproperties}, for {@link vkernel.kern.KernelConfig#options}
 */
record Composition(String name, List<String> bundles, Map<String, String> options) {
    /** @throws IOException when the file cannot be read or has no {@code -runbundles} */
    static Composition read(Path bndrun) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(bndrun)) {
            properties.load(reader);
        }
        List<String> bundles = Clauses.of(properties.getProperty("-runbundles", "")).stream()
                .map(clause -> clause.split(";")[0].trim())
                .toList();
        if (bundles.isEmpty()) {
            throw new IOException(bndrun + ": has no -runbundles; resolve it first (docs/guide.md)");
        }
        Map<String, String> options = Clauses.of(properties.getProperty("-runproperties", "")).stream()
                .map(clause -> clause.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0].trim(), pair -> pair.length < 2 ? "" : Clauses.unquoted(pair[1])));
        String file = bndrun.getFileName().toString();
        return new Composition(file.replaceFirst("\\.bndrun$", ""), bundles, options);
    }

    /** The scheduler policy to start with. */
    String sched() {
        return options.getOrDefault("sched", "fair");
    }
}
