package vkernel.live;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.EmbeddedResource;
import aQute.bnd.osgi.FileResource;
import aQute.bnd.osgi.Jar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * Makes bundles of classes, by bnd: the manifest, and the components' XML from their annotations. Not for two threads
 * at once.
 */
final class Bundler {
    private static final String FIRST_VERSION = "1.0.0";

    private Bundler() {}

    /**
     * What came of it.
     *
     * @param name symbolic name
     * @param jar the bundle; empty when there are mistakes
     */
    record Bundled(String name, byte[] jar, List<Mistake> mistakes) {}

    /**
     * Bundles a folder.
     *
     * @param number tells this bundle from those made of the folder before: it goes into the version
     */
    static Bundled bundle(SourceFolder folder, Collection<ClassFile> classes, ClassPath path, int number) {
        String name = folder.name();
        try (Builder bnd = new Builder()) {
            bnd.addClasspath(path.jar());
            configure(bnd, folder, number);
            name = bnd.getBsn();
            Jar content = new Jar(name);
            bnd.setJar(content);
            for (ClassFile file : classes) {
                content.putResource(file.path(), new EmbeddedResource(file.bytes(), 0));
            }
            for (Path file : folder.resourceFiles()) {
                content.putResource(folder.resourceName(file), new FileResource(file));
            }
            return built(bnd, name);
        } catch (Exception e) { // bnd declares no more than that
            return failed(name, List.of(Mistake.of("bnd: " + e)));
        }
    }

    private static void configure(Builder bnd, SourceFolder folder, int number) throws IOException {
        Properties settings = new Properties();
        for (Path file : folder.settings()) {
            settings.putAll(bnd.loadProperties(file.toFile()));
        }
        settings.putIfAbsent(Constants.BUNDLE_SYMBOLICNAME, folder.name());
        settings.putIfAbsent("-noimportjava", "true");
        settings.putIfAbsent(Constants.IMPORT_PACKAGE, "!org.jspecify.annotations,*");
        Version base = Version.parseVersion(settings.getProperty(Constants.BUNDLE_VERSION, FIRST_VERSION));
        settings.setProperty(
                Constants.BUNDLE_VERSION,
                new Version(base.getMajor(), base.getMinor(), base.getMicro(), "live-%06d".formatted(number))
                        .toString());
        settings.setProperty("-noee", "true"); // it runs where it was compiled
        settings.setProperty("-compression", "STORE");
        bnd.setProperties(folder.home().toFile(), settings);
    }

    private static Bundled built(Builder bnd, String name) throws Exception {
        Jar made = bnd.build();
        if (!bnd.getErrors().isEmpty()) {
            return failed(
                    name,
                    bnd.getErrors().stream()
                            .map(text -> Mistake.of("bnd: " + text))
                            .toList());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        made.write(out);
        return new Bundled(name, out.toByteArray(), new ArrayList<>());
    }

    private static Bundled failed(String name, List<Mistake> mistakes) {
        return new Bundled(name, new byte[0], mistakes);
    }
}
