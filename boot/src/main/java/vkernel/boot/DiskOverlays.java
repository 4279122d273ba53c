package vkernel.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import vkernel.host.OverlayFile;

/** What is done with overlays of disks that no kernel uses: merged into their base, or dropped. */
final class DiskOverlays {
    private static final String FORGET = "; 'vk image discard' drops it";

    /**
     * Writes all that an overlay holds into its base, then makes it an empty one of what the base is now. Cut off at any
     * point it can be done again.
     *
     * @return bytes written
     * @throws BootException when one of the two is in use, or they do not belong together
     */
    static long commit(Path base, Path overlay) throws IOException {
        try (FileChannel to = locked(base);
                FileChannel from = locked(overlay)) {
            OverlayFile table = opened(from, to.size(), overlay);
            if (!Arrays.equals(table.digest(), OverlayFile.digest(to)) && !table.merging()) {
                throw new BootException(base + " has changed since " + overlay + " was made over it" + FORGET);
            }
            table.merge();
            long written = merge(table, from, to);
            to.force(false);
            from.truncate(0);
            OverlayFile.create(from, to.size(), OverlayFile.digest(to));
            return written;
        }
    }

    private static long merge(OverlayFile table, FileChannel from, FileChannel to) throws IOException {
        long written = 0;
        for (int i = 0; i < table.clusters(); i++) {
            if (table.place(i) == 0) {
                continue;
            }
            long at = (long) i * OverlayFile.CLUSTER;
            ByteBuffer cluster = ByteBuffer.allocate((int) Math.min(OverlayFile.CLUSTER, table.size() - at));
            while (cluster.hasRemaining() && from.read(cluster, table.place(i) + cluster.position()) >= 0) {
                Thread.onSpinWait();
            }
            cluster.flip();
            written += cluster.remaining();
            for (long position = at; cluster.hasRemaining(); ) {
                position += to.write(cluster, position);
            }
        }
        return written;
    }

    /** Drops an overlay. @throws BootException when it is in use, or is none */
    static void discard(Path overlay) throws IOException {
        try (FileChannel file = locked(overlay)) {
            OverlayFile.check(file);
        } catch (OverlayFile.NoOverlay e) {
            throw new BootException(overlay + ": " + e.getMessage(), e);
        }
        Files.delete(overlay);
    }

    private static OverlayFile opened(FileChannel file, long size, Path overlay) throws IOException {
        try {
            return OverlayFile.open(file, size);
        } catch (OverlayFile.NoOverlay e) {
            throw new BootException(overlay + ": " + e.getMessage(), e);
        }
    }

    private static FileChannel locked(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new BootException("there is no file " + path);
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return file;
            }
        } catch (OverlappingFileLockException e) {
            file.close();
            throw new BootException(path + " is in use", e);
        }
        file.close();
        throw new BootException(path + " is in use by another program");
    }

    private DiskOverlays() {}
}
