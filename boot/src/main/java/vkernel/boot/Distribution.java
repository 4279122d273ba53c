package vkernel.boot;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import vkernel.boot.compose.Kernels;
import vkernel.boot.compose.Parts;

/**
 * Where this program's parts lie: {@code lib/} (this class path), {@code bundles/} (what kernels are made of) and
 * {@code kernels/} (compositions).
 */
record Distribution(Path home) {
    /** The one that this class was loaded from; the system property {@code vkernel.home} overrides it. */
    static Distribution here() {
        String home = System.getProperty("vkernel.home");
        if (home != null) {
            return new Distribution(Path.of(home));
        }
        try {
            Path jar = Path.of(Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Distribution(jar.toAbsolutePath().getParent().getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The jars of a kernel's bundles. */
    List<Path> bundles(Composition kernel) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String name : kernel.bundles()) {
            jars.add(bundle(name));
        }
        return jars;
    }

    /** The jar of a bundle: named like it, or, where an artifact has another name, found by its manifest. */
    Path bundle(String symbolicName) throws IOException {
        Path bundles = home.resolve("bundles");
        // most differ by a hyphen only
        for (String name : List.of(symbolicName, symbolicName.replace('.', '-'))) {
            Path jar = bundles.resolve(name + ".jar");
            if (Files.exists(jar)) {
                return jar;
            }
        }
        try (Stream<Path> files = Files.list(bundles)) {
            for (Path other : files.sorted().toList()) {
                if (symbolicName.equals(
                        header(other, "Bundle-SymbolicName").split(";")[0].trim())) {
                    return other;
                }
            }
        }
        throw new IOException("no bundle " + symbolicName + " in " + bundles);
    }

    /** Whether a bundle says that it is this subsystem. @param attribute of its capability, for instance {@code fs} */
    boolean provides(String attribute, String name) throws IOException {
        Pattern said = Pattern.compile(";" + attribute + "=\"?" + name + "\"?([;,]|$)");
        try (Stream<Path> files = Files.list(home.resolve("bundles"))) {
            for (Path jar : files.toList()) {
                if (said.matcher(header(jar, "Provide-Capability")).find()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The jars of what is of use without a kernel: the driver of disks, the file systems on them, and what they need. */
    List<Path> libraries() {
        Pattern disk = Pattern.compile("device=\"?disk");
        try (Stream<Path> files = Files.list(home.resolve("bundles"));
                Stream<Path> beside = Files.list(home.resolve("library"))) {
            List<Path> jars = new ArrayList<>(beside.toList());
            jars.add(bundle("slf4j.api"));
            for (Path jar : files.sorted().toList()) {
                String capabilities = header(jar, "Provide-Capability") + header(jar, "Require-Capability");
                if (disk.matcher(capabilities).find()) {
                    jars.add(jar);
                }
            }
            return jars;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            String value = file.getManifest() == null
                    ? null
                    : file.getManifest().getMainAttributes().getValue(name);
            return value == null ? "" : value;
        }
    }

    Composition kernel(String name) throws IOException {
        return Composition.read(kernels().file(name));
    }

    /** Those that come with the program, and the user's. */
    Kernels kernels() {
        return new Kernels(home.resolve("kernels"), Kernels.folderOfUser());
    }

    /** Everything that a kernel can be made of. */
    Parts parts() {
        Properties startTimes = new Properties();
        Path measured = home.resolve("start-times.properties");
        try (Stream<Path> files = Files.list(home.resolve("bundles"))) {
            if (Files.exists(measured)) {
                try (Reader reader = Files.newBufferedReader(measured)) {
                    startTimes.load(reader);
                }
            }
            return KernelFramework.parts(
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .sorted()
                            .toList(),
                    startTimes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
