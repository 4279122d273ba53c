package vkernel.boot;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * The bundles of a kernel: the resolved {@code -runbundles} of a {@code .bndrun} file (see {@code cnf/kernels}).
 *
 * @param name of the kernel
 * @param bundles symbolic names, without versions: a distribution holds one version of each
 */
record Composition(String name, List<String> bundles) {
    /** @throws IOException when the file cannot be read or has no {@code -runbundles} */
    static Composition read(Path bndrun) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(bndrun)) {
            properties.load(reader);
        }
        String resolved = properties.getProperty("-runbundles");
        if (resolved == null) {
            throw new IOException(bndrun + ": has no -runbundles; resolve it first");
        }
        List<String> bundles = Arrays.stream(resolved.split(",(?=[^\\])]*(?:[\\[(]|$))"))
                .map(clause -> clause.split(";")[0].trim())
                .filter(name -> !name.isEmpty())
                .toList();
        String file = bndrun.getFileName().toString();
        return new Composition(file.replaceFirst("\\.bndrun$", ""), bundles);
    }
}
