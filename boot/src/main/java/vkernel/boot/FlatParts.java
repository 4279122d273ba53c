package vkernel.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.Constants;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Bundles that lie side by side on one class path, as OSGi Connect has it (OSGi Core R8, chapter 60): the JVM's
 * ahead-of-time cache holds the classes of its own loader linked and ready, those of a bundle's loader not. Nothing of
 * it can be replaced while it runs. Every class sees every other, so that there is nothing to resolve.
 */
final class FlatParts implements ModuleConnector {
    /** Where manifests are, {@code NAME.MF}, in a jar that holds all parts. */
    static final String MANIFESTS = "vkernel/parts/";

    private static final String LOCATION = "part:";
    /** What the resolver would look at. */
    private static final Set<String> WIRING = Set.of(
            Constants.IMPORT_PACKAGE,
            Constants.EXPORT_PACKAGE,
            Constants.DYNAMICIMPORT_PACKAGE,
            Constants.REQUIRE_BUNDLE,
            Constants.REQUIRE_CAPABILITY,
            Constants.PROVIDE_CAPABILITY);

    /** A part's place: a jar, and its manifest in that. */
    private record Place(Path jar, String manifest) {}

    private final ClassLoader loader;
    private final Function<String, Place> places;

    private FlatParts(ClassLoader loader, Function<String, Place> places) {
        this.loader = loader;
        this.places = places;
    }

    /** Those that this program's own jar holds. */
    static FlatParts here(Path jar) {
        return new FlatParts(FlatParts.class.getClassLoader(), name -> new Place(jar, MANIFESTS + name + ".MF"));
    }

    /** Those of some jars, by symbolic name, whose classes one loader has. */
    static FlatParts of(ClassLoader loader, Map<String, Path> jars) {
        return new FlatParts(loader, name -> new Place(jars.get(name), JarFile.MANIFEST_NAME));
    }

    /** The location by which a part is installed. */
    static String location(String name) {
        return LOCATION + name;
    }

    @Override
    public Optional<ConnectModule> connect(String location) {
        return location.startsWith(LOCATION)
                ? Optional.of(() -> new Content(places.apply(location.substring(LOCATION.length())), loader))
                : Optional.empty();
    }

    @Override
    public void initialize(java.io.File storage, Map<String, String> configuration) {
        // nothing is kept
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }

    /** A part's manifest, and the descriptions of its components: nobody looks for anything else. */
    private static final class Content implements ConnectContent {
        private final ClassLoader loader;
        private final Map<String, String> headers = new HashMap<>();
        private final Map<String, ConnectEntry> entries = new LinkedHashMap<>();

        /** Reads all of it: through a loader's URLs each resource would cost a millisecond. */
        Content(Place place, ClassLoader loader) throws IOException {
            this.loader = loader;
            try (ZipFile jar = new ZipFile(place.jar.toFile())) {
                new Manifest(new ByteArrayInputStream(bytes(jar, place.manifest)))
                        .getMainAttributes()
                        .forEach((key, value) -> headers.put(key.toString(), value.toString()));
                headers.keySet().removeAll(WIRING);
                String components = headers.getOrDefault("Service-Component", "");
                for (StringTokenizer names = new StringTokenizer(components, ", "); names.hasMoreTokens(); ) {
                    String name = names.nextToken();
                    entries.put(name, new Entry(name, bytes(jar, name)));
                }
            }
        }

        private static byte[] bytes(ZipFile jar, String name) throws IOException {
            ZipEntry entry = jar.getEntry(name);
            if (entry == null) {
                throw new IOException("there is no " + name + " in " + jar.getName());
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return in.readAllBytes();
            }
        }

        @Override
        public Optional<Map<String, String>> getHeaders() {
            return Optional.of(headers);
        }

        @Override
        public Iterable<String> getEntries() {
            return entries.keySet();
        }

        @Override
        public Optional<ConnectEntry> getEntry(String path) {
            return Optional.ofNullable(entries.get(path));
        }

        @Override
        public Optional<ClassLoader> getClassLoader() {
            return Optional.of(loader);
        }

        @Override
        public void open() {
            // all of it has been read
        }

        @Override
        public void close() {
            // and may be asked for again
        }
    }

    /** A small resource. */
    private static final class Entry implements ConnectContent.ConnectEntry {
        private final String name;
        private final byte[] bytes;

        Entry(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public long getContentLength() {
            return bytes.length;
        }

        @Override
        public long getLastModified() {
            return 0;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
