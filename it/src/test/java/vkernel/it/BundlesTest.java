package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of direction of docs/architecture.md, checked over the manifests of the bundles as they were built. */
class BundlesTest {
    private static final Path HOME = Path.of(System.getProperty("vkernel.home"));
    /** Who may ask the host for something. */
    private static final List<String> ON_THE_HOST =
            List.of("guest.kern", "guest.vm", "guest.fs.archive", "guest.fs.host", "shell");

    private final Map<String, Manifest> bundles = new TreeMap<>();

    BundlesTest() throws IOException {
        for (String folder : List.of("bundles", "lib")) {
            try (Stream<Path> jars = Files.list(HOME.resolve(folder))) {
                for (Path jar : jars.toList()) {
                    addIfOurs(jar);
                }
            }
        }
    }

    private void addIfOurs(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            boolean ours = manifest != null && "vkernel".equals(header(manifest, "Bundle-Vendor"));
            // rump is for programs that have no framework
            if (ours && !header(manifest, "Bundle-SymbolicName").equals("rump")) {
                bundles.put(header(manifest, "Bundle-SymbolicName").split(";")[0], manifest);
            }
        }
    }

    @Test
    void everyBundleIsHere() {
        assertThat(bundles.keySet())
                .contains("host.api", "guest.api", "host.sim", "guest.kern", "guest.linux", "shell");
    }

    @Test
    void onlyTheApisExport() {
        bundles.forEach((name, manifest) -> assertThat(
                        !packages(manifest, "Export-Package").isEmpty())
                .as("%s exports packages", name)
                .isEqualTo(name.endsWith(".api")));
    }

    @Test
    void theApisImportNothingOfOursButThemselves() {
        for (String api : List.of("host.api", "guest.api")) {
            assertThat(ourImports(api)).as(api).isSubsetOf(packages(bundles.get(api), "Export-Package"));
        }
    }

    @Test
    void theHostKnowsNoGuest() {
        Set<String> hostApi = packages(bundles.get("host.api"), "Export-Package");
        bundles.keySet().stream()
                .filter(name -> name.startsWith("host."))
                .forEach(name -> assertThat(ourImports(name)).as(name).isSubsetOf(hostApi));
    }

    @Test
    void onlyTheKernelMemoryAndDriversAskTheHost() {
        Set<String> hostApi = packages(bundles.get("host.api"), "Export-Package");
        bundles.keySet().stream()
                .filter(name -> !name.startsWith("host.") && !name.startsWith("drivers."))
                .filter(name -> !ON_THE_HOST.contains(name) && !name.equals("boot"))
                .forEach(name -> assertThat(ourImports(name)).as(name).doesNotContainAnyElementsOf(hostApi));
    }

    @Test
    void everySubsystemSaysWhatItIs() {
        bundles.forEach((name, manifest) -> {
            if (!name.endsWith(".api") && !name.equals("boot") && !name.equals("user")) {
                assertThat(header(manifest, "Provide-Capability")).as(name).contains("vkernel.subsystem");
            }
        });
    }

    private Set<String> ourImports(String bundle) {
        Set<String> imports = packages(bundles.get(bundle), "Import-Package");
        imports.removeIf(name -> !name.startsWith("vkernel"));
        return imports;
    }

    private static Set<String> packages(Manifest manifest, String header) {
        Set<String> names = new TreeSet<>();
        String clauses = header(manifest, header).replaceAll("\"[^\"]*\"", "");
        Arrays.stream(clauses.split(","))
                .map(clause -> clause.split(";")[0].trim())
                .forEach(names::add);
        names.remove("");
        return names;
    }

    private static String header(Manifest manifest, String name) {
        String value = manifest.getMainAttributes().getValue(name);
        return value == null ? "" : value;
    }
}
