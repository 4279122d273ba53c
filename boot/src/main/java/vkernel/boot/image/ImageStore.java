package vkernel.boot.image;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** The user's images: {@code NAME.tar} with {@code NAME.properties} beside it, in the user's cache folder. */
public final class ImageStore {
    /**
     * An image.
     *
     * @param origin what it was made from, for people
     * @param bytes size of its archive
     */
    public record Image(String name, Path archive, String origin, long bytes) {}

    /** Writes the archive of a new image. */
    @FunctionalInterface
    public interface Maker {
        void write(Path archive) throws IOException;
    }

    private final Path folder;

    public ImageStore(Path folder) {
        this.folder = folder;
    }

    /** The one of this user: {@code $XDG_CACHE_HOME/vkernel/images}, or {@code ~/.cache/vkernel/images}. */
    public static ImageStore ofUser() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache != null && !cache.isBlank() ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache");
        return new ImageStore(base.resolve("vkernel").resolve("images"));
    }

    public Optional<Image> find(String name) {
        Path archive = archive(name);
        return Files.isRegularFile(archive) ? Optional.of(image(name)) : Optional.empty();
    }

    /** All images, by name. */
    public List<Image> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".tar"))
                    .map(file -> image(file.substring(0, file.length() - 4)))
                    .sorted(java.util.Comparator.comparing(Image::name))
                    .toList();
        } catch (IOException e) {
            throw new ImageException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Makes an image, or makes it anew. It appears when it is complete; if it cannot be made, what was there before
     * stays.
     */
    public Image make(String name, String origin, Maker maker) {
        Path archive = archive(name);
        try {
            Files.createDirectories(folder);
            Path unfinished = Files.createTempFile(folder, name, ".unfinished");
            try {
                maker.write(unfinished);
                writeOrigin(name, origin);
                Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
            return image(name);
        } catch (IOException e) {
            throw new ImageException("cannot make image " + name + ": " + e.getMessage(), e);
        }
    }

    public void remove(String name) {
        try {
            if (!Files.deleteIfExists(archive(name))) {
                throw new ImageException("there is no image " + name + "; 'vk image list' shows those there are");
            }
            Files.deleteIfExists(properties(name));
        } catch (IOException e) {
            throw new ImageException("cannot remove image " + name + ": " + e.getMessage(), e);
        }
    }

    /** A folder of this store for what makers want to keep between calls. */
    public Path workFolder(String name) throws IOException {
        return Files.createDirectories(folder.resolveSibling(name));
    }

    private Path archive(String name) {
        return folder.resolve(checked(name) + ".tar");
    }

    /** A name that an image can have. @throws ImageException saying which it can have */
    public static String checked(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new ImageException("'" + name + "' is not a name for an image: letters, digits, '.', '_' and '-'");
        }
        return name;
    }

    private Path properties(String name) {
        return folder.resolve(name + ".properties");
    }

    private Image image(String name) {
        try {
            Properties properties = new Properties();
            if (Files.exists(properties(name))) {
                try (Reader reader = Files.newBufferedReader(properties(name))) {
                    properties.load(reader);
                }
            }
            return new Image(name, archive(name), properties.getProperty("origin", ""), Files.size(archive(name)));
        } catch (IOException e) {
            throw new ImageException("cannot read image " + name + ": " + e.getMessage(), e);
        }
    }

    private void writeOrigin(String name, String origin) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("origin", origin);
        List<String> lines = new ArrayList<>();
        java.io.StringWriter text = new java.io.StringWriter();
        properties.store(text, null);
        text.toString().lines().filter(line -> !line.startsWith("#")).forEach(lines::add);
        try (Writer writer = Files.newBufferedWriter(properties(name))) {
            writer.write(String.join("\n", lines) + "\n");
        }
    }
}
