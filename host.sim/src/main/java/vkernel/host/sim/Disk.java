package vkernel.host.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import vkernel.host.BlockFile;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.Ram;
import vkernel.host.ThreadBody;

/**
 * A host file as a block device, served by one thread in the order asked; in virtual time the caller waits for it, so
 * that runs repeat. A lock on the file keeps a second user away.
 */
final class Disk implements BlockFile {
    /** What a request does to the file. */
    @FunctionalInterface
    private interface Transfer {
        void run() throws IOException;
    }

    private final Path path;
    private final Ram ram;
    private final FileChannel file;
    private final boolean readOnly;
    private final long size;
    private final boolean inline;
    private final Runnable closed;
    private final ExecutorService thread;

    /**
     * Serves a file that is open and locked.
     *
     * @param inline whether requests complete before they return
     * @param closed told when it has been closed
     */
    Disk(Path path, Ram ram, FileChannel file, boolean inline, Runnable closed) throws IOException {
        this.path = path;
        this.ram = ram;
        this.file = file;
        this.readOnly = !Files.isWritable(path);
        this.size = file.size();
        this.inline = inline;
        this.closed = closed;
        this.thread = Executors.newSingleThreadExecutor(task -> daemon(path, task));
    }

    /**
     * Opens and locks a file; one that may not be written is opened read-only.
     *
     * @throws HostException {@code ABSENT}, {@code BUSY}, {@code IO}
     */
    static FileChannel file(Path path) {
        boolean readOnly = !Files.isWritable(path);
        try {
            FileChannel file = readOnly
                    ? FileChannel.open(path, StandardOpenOption.READ)
                    : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return locked(path, file, readOnly);
        } catch (NoSuchFileException e) {
            throw new HostException(Reason.ABSENT, path + ": no such file", e);
        } catch (IOException e) {
            throw new HostException(Reason.IO, path + ": " + e.getMessage(), e);
        }
    }

    private static FileChannel locked(Path path, FileChannel file, boolean readOnly) throws IOException {
        try {
            FileLock lock = file.tryLock(0, Long.MAX_VALUE, readOnly); // released with the channel
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

    private static Thread daemon(Path path, Runnable task) {
        return ThreadBody.daemon("disk " + path.getFileName(), task);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void read(long position, long ramAddress, int length, Completion completion) {
        check(position, ramAddress, length);
        submit(() -> transferIn(position, ramAddress, length), completion);
    }

    @Override
    public void write(long position, long ramAddress, int length, Completion completion) {
        check(position, ramAddress, length);
        if (readOnly) throw new HostException(Reason.INVALID, path + " is read-only");
        submit(() -> transferOut(position, ramAddress, length), completion);
    }

    @Override
    public void flush(Completion completion) {
        submit(() -> file.force(false), completion);
    }

    private void transferIn(long position, long ramAddress, int length) throws IOException {
        ByteBuffer to = ram.buffer(ramAddress, length);
        ram.changing(ramAddress, length);
        try {
            while (to.hasRemaining()) {
                if (file.read(to, position + to.position()) < 0) throw new IOException("file has become shorter");
            }
        } finally {
            ram.changed(ramAddress, length);
        }
    }

    private void transferOut(long position, long ramAddress, int length) throws IOException {
        ByteBuffer from = ram.buffer(ramAddress, length);
        while (from.hasRemaining()) file.write(from, position + from.position());
    }

    private void check(long position, long ramAddress, int length) {
        try {
            Objects.checkFromIndexSize(position, length, size);
            Objects.checkFromIndexSize(ramAddress, length, ram.size());
        } catch (IndexOutOfBoundsException e) {
            throw new HostException(Reason.INVALID, path + ": " + e.getMessage(), e);
        }
    }

    private void submit(Transfer transfer, Completion completion) {
        try {
            if (inline) {
                // Not on the caller's thread: a FileChannel closes itself when that is interrupted.
                completion.done(CompletableFuture.supplyAsync(() -> failure(transfer), thread)
                        .join());
            } else {
                thread.execute(() -> completion.done(failure(transfer)));
            }
        } catch (RejectedExecutionException e) {
            throw new HostException(Reason.ABSENT, path + " is closed", e);
        }
    }

    private @Nullable HostException failure(Transfer transfer) {
        try {
            transfer.run();
            return null;
        } catch (IOException e) {
            return new HostException(Reason.IO, path + ": " + e.getMessage(), e);
        }
    }

    /** Stops serving the file, which stays open and locked, when the requests under way are done. */
    FileChannel release() {
        thread.close();
        return file;
    }

    @Override
    public void close() {
        try {
            release().close();
        } catch (IOException e) {
            throw new HostException(Reason.IO, path + ": " + e.getMessage(), e);
        } finally {
            closed.run();
        }
    }
}
