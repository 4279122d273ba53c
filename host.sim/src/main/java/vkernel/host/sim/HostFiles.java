package vkernel.host.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import vkernel.host.BlockSource;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;

/** Opens what disks lie in, with locks: many may read a file, and one may write it while nobody else has it. */
final class HostFiles {
    /** Whether a disk may not be written. */
    static boolean readOnly(BlockSource source) {
        return source.readOnly() || source.overlay() == null && !Files.isWritable(source.path());
    }

    /**
     * Opens and locks the files of a disk.
     *
     * @throws HostException {@code ABSENT}, {@code BUSY}, {@code IO}
     */
    static List<FileChannel> open(BlockSource source) {
        boolean readOnly = readOnly(source);
        Path overlay = source.overlay();
        List<FileChannel> files = new ArrayList<>();
        try {
            files.add(open(source.path(), !readOnly && overlay == null, false));
            if (overlay != null) files.add(open(overlay, true, !readOnly));
            return List.copyOf(files);
        } catch (HostException e) {
            close(files);
            throw e;
        }
    }

    private static FileChannel open(Path path, boolean write, boolean make) {
        try {
            List<StandardOpenOption> how = new ArrayList<>(List.of(StandardOpenOption.READ));
            if (write) how.add(StandardOpenOption.WRITE);
            if (make) how.add(StandardOpenOption.CREATE);
            return locked(path, FileChannel.open(path, how.toArray(StandardOpenOption[]::new)), !write);
        } catch (NoSuchFileException e) {
            throw new HostException(Reason.ABSENT, path + ": no such file", e);
        } catch (IOException e) {
            throw new HostException(Reason.IO, path + ": " + e.getMessage(), e);
        }
    }

    private static FileChannel locked(Path path, FileChannel file, boolean shared) throws IOException {
        try {
            FileLock lock = file.tryLock(0, Long.MAX_VALUE, shared); // released with the channel
            if (lock != null) return file;
        } catch (OverlappingFileLockException e) {
            file.close();
            throw new HostException(Reason.BUSY, path + " is in use", e);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        file.close();
        throw new HostException(Reason.BUSY, path + " is in use by another program");
    }

    static void close(List<FileChannel> files) {
        try {
            for (FileChannel file : files) file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HostFiles() {}
}
