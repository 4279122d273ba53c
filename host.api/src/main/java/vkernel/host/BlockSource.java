package vkernel.host;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Host files that together are one block file.
 *
 * @param path the file; with an overlay it is only read
 * @param readOnly it may not be written, even if the host would let us
 * @param overlay where writes go instead, made when it is not there; null for the file itself
 * @param serial what the disk calls itself, at most 20 characters; empty for its name
 */
public record BlockSource(
        Path path, boolean readOnly, @Nullable Path overlay, String serial) {
    /** A file that is read and written. */
    public static BlockSource of(Path path) {
        return new BlockSource(path, false, null, "");
    }

    /**
     * Reads {@code FILE[,ro][,overlay=FILE][,serial=S]}.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static BlockSource parse(String text) {
        String[] parts = text.split(",");
        BlockSource source = of(Path.of(parts[0]));
        for (int i = 1; i < parts.length; i++) {
            source = source.with(parts[i]);
        }
        return source;
    }

    private BlockSource with(String option) {
        int equals = option.indexOf('=');
        String value = option.substring(equals + 1);
        return switch (option.substring(0, equals + 1)) {
            case "overlay=" -> new BlockSource(path, readOnly, Path.of(value), serial);
            case "serial=" -> new BlockSource(path, readOnly, overlay, value);
            default -> {
                if (!option.equals("ro")) {
                    throw new IllegalArgumentException("'" + option + "' is not ro, overlay=FILE or serial=S");
                }
                yield new BlockSource(path, true, overlay, serial);
            }
        };
    }

    /** The host files that it holds open. */
    public List<Path> paths() {
        Path over = overlay;
        return over == null ? List.of(path) : List.of(path, over);
    }
}
