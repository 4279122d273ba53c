package vkernel.host;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A ROM that is a host file, read in place; what the file's writers do meanwhile is seen. Not a FileChannel: that one
 * closes itself when a thread that reads is interrupted.
 */
public final class FileRom implements Rom, AutoCloseable {
    private final Path path;
    private final RandomAccessFile file; // its position guarded by this
    private final long size;

    /**
     * Opens a file.
     *
     * @throws HostException {@code ABSENT} when there is none, {@code IO} when it cannot be read
     */
    public FileRom(Path path) {
        this.path = path;
        try {
            file = new RandomAccessFile(path.toFile(), "r");
            size = file.length();
        } catch (FileNotFoundException e) {
            if (!Files.exists(path)) {
                throw new HostException(HostException.Reason.ABSENT, path + ": no such file", e);
            }
            throw failure(e);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public synchronized int read(long position, byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (position >= size) return 0;
        int count = (int) Math.min(length, size - position);
        try {
            file.seek(position);
            file.readFully(to, offset, count);
            return count;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private HostException failure(IOException e) {
        return new HostException(HostException.Reason.IO, path + ": " + e.getMessage(), e);
    }
}
