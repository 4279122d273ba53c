package vkernel.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Bundles that lie side by side on one class path, as OSGi Connect has it (OSGi Core R8, chapter 60): the JVM's
 * ahead-of-time cache holds the classes of its own loader linked and ready, those of a bundle's loader not. Nothing of
 * it can be replaced while it runs. The manifests are resources {@code vkernel/parts/NAME.MF}.
 */
final class FlatParts implements ModuleConnector {
    /** Where manifests are. */
    static final String MANIFESTS = "vkernel/parts/";

    private static final String LOCATION = "part:";

    private final ClassLoader loader;
    /** Where a part's manifest is. */
    private final Function<String, Manifest> manifests;

    private FlatParts(ClassLoader loader, Function<String, Manifest> manifests) {
        this.loader = loader;
        this.manifests = manifests;
    }

    /** Those of this program's own class path. */
    static FlatParts here() {
        ClassLoader own = FlatParts.class.getClassLoader();
        return new FlatParts(own, name -> {
            String resource = MANIFESTS + name + ".MF";
            try (InputStream in = own.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new BootException("there is no " + resource);
                }
                return new Manifest(in);
            } catch (IOException e) {
                throw new BootException("cannot read " + resource, e);
            }
        });
    }

    /** Those of some jars, by symbolic name, whose classes one loader has. */
    static FlatParts of(ClassLoader loader, Map<String, Path> jars) {
        return new FlatParts(loader, name -> {
            try (JarFile jar = new JarFile(jars.get(name).toFile())) {
                return jar.getManifest();
            } catch (IOException e) {
                throw new BootException("cannot read " + jars.get(name), e);
            }
        });
    }

    /** The location by which a part is installed. */
    static String location(String name) {
        return LOCATION + name;
    }

    @Override
    public Optional<ConnectModule> connect(String location) {
        return location.startsWith(LOCATION)
                ? Optional.of(() -> new Content(location.substring(LOCATION.length()), loader, manifests))
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

    private record Content(String name, ClassLoader loader, Function<String, Manifest> manifests)
            implements ConnectContent {
        @Override
        public Optional<Map<String, String>> getHeaders() {
            Map<String, String> headers = new HashMap<>();
            Attributes all = manifests.apply(name).getMainAttributes();
            all.forEach((key, value) -> headers.put(key.toString(), value.toString()));
            return Optional.of(headers);
        }

        /** Only what is looked for by listing: the descriptions of components. */
        @Override
        public Iterable<String> getEntries() {
            String components = getHeaders().orElseThrow().getOrDefault("Service-Component", "");
            return components.isBlank() ? List.of() : List.of(components.trim().split("\\s*,\\s*"));
        }

        @Override
        public Optional<ConnectEntry> getEntry(String path) {
            try (InputStream in = loader.getResourceAsStream(path)) {
                return in == null ? Optional.empty() : Optional.of(new Entry(path, in.readAllBytes()));
            } catch (IOException e) {
                throw new BootException("cannot read " + path, e);
            }
        }

        @Override
        public Optional<ClassLoader> getClassLoader() {
            return Optional.of(loader);
        }

        @Override
        public void open() {
            // the class path is open
        }

        @Override
        public void close() {
            // and stays so
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
