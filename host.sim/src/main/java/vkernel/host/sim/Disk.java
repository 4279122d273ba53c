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
    private final SimulatedRam ram;
    private final FileChannel file;
    private final boolean readOnly;
    private final long size;
    private final boolean inline;
    private final ExecutorService thread;

    private Disk(Path path, SimulatedRam ram, FileChannel file, boolean readOnly, boolean inline) throws IOException {
        this.path = path;
        this.ram = ram;
        this.file = file;
        this.readOnly = readOnly;
        this.size = file.size();
        this.inline = inline;
        this.thread = Executors.newSingleThreadExecutor(task -> daemon(path, task));
    }

    /**
     * Opens a file; one that may not be written is opened read-only.
     *
     * @param inline whether requests complete before they return
     * @throws HostException {@code ABSENT}, {@code BUSY}, {@code IO}
     */
    static Disk open(Path path, SimulatedRam ram, boolean inline) {
        boolean readOnly = !Files.isWritable(path);
        try {
            FileChannel file = readOnly
                    ? FileChannel.open(path, StandardOpenOption.READ)
                    : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return locked(path, file, ram, readOnly, inline);
        } catch (NoSuchFileException e) {
            throw new HostException(Reason.ABSENT, path + ": no such file", e);
        } catch (IOException e) {
            throw new HostException(Reason.IO, path + ": " + e.getMessage(), e);
        }
    }

    private static Disk locked(Path path, FileChannel file, SimulatedRam ram, boolean readOnly, boolean inline)
            throws IOException {
        try {
            FileLock lock = file.tryLock(0, Long.MAX_VALUE, readOnly); // released with the channel
            if (lock != null) return new Disk(path, ram, file, readOnly, inline);
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
        Thread thread = new Thread(task, "disk " + path.getFileName());
        thread.setDaemon(true);
        return thread;
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
        ram.code().changing(ramAddress, length);
        try {
            while (to.hasRemaining()) {
                if (file.read(to, position + to.position()) < 0) throw new IOException("file has become shorter");
            }
        } finally {
            ram.code().changed(ramAddress, length);
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

    @Override
    public void close() {
        try {
            thread.close(); // waits for the requests under way
            file.close();
        } catch (IOException e) {
            throw new HostException(Reason.IO, path + ": " + e.getMessage(), e);
        }
    }
}
