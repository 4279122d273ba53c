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

    /** The host files that it holds open. */
    public List<Path> paths() {
        Path over = overlay;
        return over == null ? List.of(path) : List.of(path, over);
    }
}
