package vkernel.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What a file looks like from outside; another means that it was saved again, in whatever way the editor does it.
 *
 * @param key tells a file from one that was renamed over it; null where the host has no such thing
 */
record Stamp(FileTime modified, long size, @Nullable Object key) {
    /** @throws IOException when it is not there (any more) */
    static Stamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
}
