package vkernel.boot;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A host file to be used as swap space: {@code FILE[,SIZE]}. With a size it is made, or made as large, sparse. */
final class SwapFile {
    private SwapFile() {}

    /** @throws IllegalArgumentException saying what is wrong */
    static Path of(String text) {
        int comma = text.lastIndexOf(',');
        Path path = Path.of(comma < 0 ? text : text.substring(0, comma));
        if (comma < 0) {
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException(path + " is no file; " + path + ",SIZE makes one");
            }
            return path;
        }
        long bytes = new Size.Converter().convert(text.substring(comma + 1)).bytes();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(Math.max(file.length(), bytes & -4096));
            return path;
        } catch (IOException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }
}
