package vkernel.live;

import aQute.bnd.osgi.AbstractResource;
import aQute.bnd.osgi.Jar;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Component;

/**
 * What sources are compiled against: every class of every package that the framework exports, at the version it is
 * exported at, wherever its bundle lies; and the annotations that are read by the compiler and bnd alone, from within
 * this bundle. Immutable; classes are read when they are asked for and kept.
 */
final class ClassPath {
    /** One class of each package of this bundle that sources may use, since nothing of them is left at run time. */
    private static final List<Class<?>> ANNOTATIONS =
            List.of(Capability.class, org.osgi.annotation.versioning.Version.class, Component.class, NullMarked.class);

    private static final String SUFFIX = ".class";

    private final Map<String, List<ClassFile>> packages = new HashMap<>();
    private final Map<String, String> versions = new TreeMap<>();

    private ClassPath() {}

    /** That of a framework, as it is wired now. */
    static ClassPath of(BundleContext context) throws IOException {
        ClassPath path = new ClassPath();
        for (Bundle bundle : context.getBundles()) {
            for (BundleCapability exported : exports(bundle)) {
                String name = (String) exported.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE);
                String version = String.valueOf(exported.getAttributes().get(Constants.VERSION_ATTRIBUTE));
                if (!path.packages.containsKey(name)) {
                    boolean system = bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID;
                    path.add(
                            name,
                            version,
                            system
                                    ? ofLauncher(name)
                                    : ofBundle(exported.getRevision().getWiring(), name));
                }
            }
        }
        Bundle own = FrameworkUtil.getBundle(ClassPath.class);
        for (Class<?> one : ANNOTATIONS) {
            String name = one.getPackageName();
            URL marker = one.getResource(one.getSimpleName() + SUFFIX);
            path.add(
                    name,
                    Version.emptyVersion.toString(),
                    own == null ? inJar(name, marker) : ofBundle(own.adapt(BundleWiring.class), name));
        }
        return path;
    }

    /** Changes whenever the framework exports something else. */
    static int version(BundleContext context) {
        int hash = 0;
        for (Bundle bundle : context.getBundles()) {
            if (!exports(bundle).isEmpty()) {
                hash = 31 * hash + System.identityHashCode(bundle.adapt(BundleRevision.class));
            }
        }
        return hash;
    }

    private static List<BundleCapability> exports(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        return wiring == null ? List.of() : wiring.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE);
    }

    private void add(String name, String version, List<ClassFile> classes) {
        if (!classes.isEmpty()) {
            packages.put(name, classes);
            versions.put(name, version);
        }
    }

    private static List<ClassFile> ofBundle(BundleWiring wiring, String name) {
        List<ClassFile> classes = new ArrayList<>();
        for (String path :
                wiring.listResources(name.replace('.', '/'), "*" + SUFFIX, BundleWiring.LISTRESOURCES_LOCAL)) {
            URL url = wiring.getClassLoader().getResource(path);
            if (url != null) {
                classes.add(ClassFile.at(binaryName(path), url));
            }
        }
        return classes;
    }

    /** A package that the framework exports from the class path it was launched with; none if it is the JDK's. */
    private static List<ClassFile> ofLauncher(String name) throws IOException {
        ClassLoader launcher = Bundle.class.getClassLoader();
        return inJar(name, launcher.getResource(name.replace('.', '/') + "/package-info" + SUFFIX));
    }

    private static List<ClassFile> inJar(String name, @Nullable URL marker) throws IOException {
        String folder = name.replace('.', '/') + '/';
        JarFile jar = marker == null ? null : jar(marker);
        if (jar == null) {
            return List.of();
        }
        String root = marker.toString().substring(0, marker.toString().lastIndexOf("!/") + 2);
        List<ClassFile> classes = new ArrayList<>();
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
            String path = entry.getName();
            if (path.startsWith(folder) && path.endsWith(SUFFIX) && path.indexOf('/', folder.length()) < 0) {
                classes.add(
                        ClassFile.at(binaryName(path), URI.create(root + path).toURL()));
            }
        }
        return classes;
    }

    private static @Nullable JarFile jar(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        return connection instanceof JarURLConnection inJar ? inJar.getJarFile() : null;
    }

    private static String binaryName(String path) {
        return path.substring(0, path.length() - SUFFIX.length()).replace('/', '.');
    }

    /** The classes of a package; none if it is not exported. */
    List<ClassFile> classes(String name) {
        return packages.getOrDefault(name, List.of());
    }

    /** The same for bnd, which computes import ranges from it. Each caller gets its own, and may close it. */
    Jar jar() throws IOException {
        Jar jar = new Jar("exports");
        for (List<ClassFile> classes : packages.values()) {
            for (ClassFile file : classes) {
                jar.putResource(file.path(), new Lazy(file));
            }
        }
        List<String> clauses = new ArrayList<>();
        versions.forEach((name, version) -> clauses.add(name + ";version=\"" + version + '"'));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, "exports");
        manifest.getMainAttributes().putValue(Constants.EXPORT_PACKAGE, String.join(",", clauses));
        jar.setManifest(manifest);
        return jar;
    }

    /** A class that is read when bnd wants to know something of it. */
    private static final class Lazy extends AbstractResource {
        private final ClassFile file;

        Lazy(ClassFile file) {
            super(0);
            this.file = file;
        }

        @Override
        protected byte[] getBytes() throws IOException {
            return file.bytes();
        }
    }
}
