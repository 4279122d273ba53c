package vkernel.boot.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/**
 * A container image saved as a file: {@code docker save} (manifest.json) or an OCI image layout (index.json) in a tar
 * archive. Its layers become one root file system.
 */
final class SavedContainer implements AutoCloseable {
    private static final String ARCHITECTURE = "riscv64";
    /** What builders say of the papers that they put beside an image. */
    private static final String ATTESTATION = "unknown";

    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();

    private SavedContainer(Path file) throws IOException {
        tar = new TarFile(file.toFile());
        for (TarArchiveEntry entry : tar.getEntries()) {
            entries.put(entry.getName().replaceFirst("^\\./", ""), entry);
        }
    }

    /** Opens a saved image; empty when the archive is not one. */
    static Optional<SavedContainer> open(Path file) throws IOException {
        SavedContainer container;
        try {
            container = new SavedContainer(file);
        } catch (IllegalArgumentException e) {
            throw new IOException("not a tar archive: " + e.getMessage(), e);
        }
        if (container.entries.containsKey("manifest.json") || container.entries.containsKey("index.json")) {
            return Optional.of(container);
        }
        container.close();
        return Optional.empty();
    }

    void write(Path archive) throws IOException {
        List<String> names = entries.containsKey("manifest.json") ? dockerLayers() : ociLayers();
        List<LayeredTar.Layer> layers = new ArrayList<>();
        for (String name : names) {
            layers.add(() -> layer(name));
        }
        new LayeredTar(layers).write(archive);
    }

    private List<String> dockerLayers() throws IOException {
        Map<?, ?> manifest = map(first(list(json("manifest.json"))));
        checkArchitecture(map(json(text(manifest, "Config"))));
        return list(manifest.get("Layers")).stream().map(Object::toString).toList();
    }

    private List<String> ociLayers() throws IOException {
        Map<?, ?> manifest = manifest(map(json("index.json")));
        checkArchitecture(map(json(blob(text(map(manifest.get("config")), "digest")))));
        return list(manifest.get("layers")).stream()
                .map(layer -> blob(text(map(layer), "digest")))
                .toList();
    }

    /** The one for this architecture: an index may name another index, one manifest for each architecture. */
    private Map<?, ?> manifest(Map<?, ?> index) throws IOException {
        List<String> others = new ArrayList<>();
        String digest = null;
        for (Object each : list(index.get("manifests"))) {
            Map<?, ?> manifest = map(each);
            Object platform = manifest.get("platform");
            String architecture = platform == null ? ARCHITECTURE : text(map(platform), "architecture");
            if (architecture.equals(ARCHITECTURE)) {
                digest = text(manifest, "digest");
            } else if (!architecture.equals(ATTESTATION)) {
                others.add(architecture);
            }
        }
        if (digest == null) {
            throw wrongArchitecture(String.join(", ", others));
        }
        Map<?, ?> found = map(json(blob(digest)));
        return found.containsKey("manifests") ? manifest(found) : found;
    }

    private static void checkArchitecture(Map<?, ?> config) {
        Object architecture = config.get("architecture");
        if (!ARCHITECTURE.equals(architecture)) {
            throw wrongArchitecture(String.valueOf(architecture));
        }
    }

    private static ImageException wrongArchitecture(String found) {
        return new ImageException("the container image is for " + found + "; vkernel runs " + ARCHITECTURE
                + " (docker: pull it with --platform linux/riscv64)");
    }

    private static String blob(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    private InputStream layer(String name) throws IOException {
        BufferedInputStream in = new BufferedInputStream(open(name), 1 << 16);
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (magic.length == 4 && (magic[0] & 0xff) == 0x28 && (magic[1] & 0xff) == 0xb5) {
            throw new IOException("layer " + name + " is compressed with zstd; save the image with gzip");
        }
        boolean gzip = magic.length >= 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        return gzip ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private InputStream open(String name) throws IOException {
        TarArchiveEntry entry = entries.get(name);
        if (entry == null) {
            throw new IOException("the container image is incomplete: it has no " + name);
        }
        return tar.getInputStream(entry);
    }

    // --- JSON as maps, lists and strings ----------------------------------------------------------------------------

    private @Nullable Object json(String name) throws IOException {
        try (InputStream in = open(name);
                JsonParser parser = new JsonFactory().createParser(in)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> map = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                parser.nextToken();
                map.put(key, value(parser));
            }
            return map;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        return parser.getValueAsString();
    }

    private static Map<?, ?> map(@Nullable Object json) {
        if (json instanceof Map<?, ?> map) {
            return map;
        }
        throw new ImageException("the container image has an unexpected form");
    }

    private static List<?> list(@Nullable Object json) {
        if (json instanceof List<?> list) {
            return list;
        }
        throw new ImageException("the container image has an unexpected form");
    }

    private static Object first(List<?> list) {
        if (list.isEmpty()) {
            throw new ImageException("the container image is empty");
        }
        return list.getFirst();
    }

    private static String text(Map<?, ?> map, String key) {
        if (map.get(key) instanceof String text) {
            return text;
        }
        throw new ImageException("the container image has no " + key);
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
