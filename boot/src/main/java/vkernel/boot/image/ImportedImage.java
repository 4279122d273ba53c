package vkernel.boot.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** An archive of somebody else's as an image. */
public final class ImportedImage {
    /**
     * Writes the root file system that a file holds: a tar archive, or a container image saved in one; plain or gzip.
     *
     * @throws IOException saying what is wrong with the file
     */
    public static void write(Path file, Path archive) throws IOException {
        Path plain = file;
        boolean gzip = isGzip(file);
        if (gzip) {
            plain = Files.createTempFile("vkernel", ".tar");
        }
        try {
            if (gzip) {
                try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                    Files.copy(in, plain, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
            writePlain(plain, archive);
        } finally {
            if (gzip) {
                Files.deleteIfExists(plain);
            }
        }
    }

    private static void writePlain(Path file, Path archive) throws IOException {
        Optional<SavedContainer> saved = SavedContainer.open(file);
        if (saved.isEmpty()) {
            try (InputStream in = Files.newInputStream(file)) {
                ProgramsOfArchive.check(in);
            }
            new LayeredTar(List.of(() -> Files.newInputStream(file))).write(archive);
            return;
        }
        try (SavedContainer container = saved.get()) {
            container.write(archive);
        }
    }

    private static boolean isGzip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(2);
            return magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        }
    }

    private ImportedImage() {}
}
