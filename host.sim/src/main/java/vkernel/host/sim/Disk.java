package vkernel.host.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import vkernel.host.BlockFile;
import vkernel.host.BlockSource;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.Ram;
import vkernel.host.ThreadBody;
import vkernel.host.Vpte;

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
    private final Storage storage;
    private final boolean readOnly;
    private final String serial;
    private final long size;
    private final boolean inline;
    private final Runnable closed;
    private final ExecutorService thread;

    /**
     * Serves a file that is open and locked.
     *
     * @param name its name in the machine
     * @param inline whether requests complete before they return
     * @param closed told when it has been closed
     */
    Disk(String name, BlockSource source, Ram ram, Storage storage, boolean inline, Runnable closed) {
        this.path = source.path();
        this.ram = ram;
        this.storage = storage;
        this.readOnly = HostFiles.readOnly(source);
        this.serial = source.serial().isEmpty() ? name : source.serial();
        this.size = storage.size();
        this.inline = inline;
        this.closed = closed;
        this.thread = Executors.newSingleThreadExecutor(task -> daemon(path, task));
    }

    private static Thread daemon(Path path, Runnable task) {
        return ThreadBody.daemon("disk " + path.getFileName(), task);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String serial() {
        return serial;
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
        writable();
        submit(() -> transferOut(position, ramAddress, length), completion);
    }

    @Override
    public void read(long position, long[] frames, int length, Completion completion) {
        check(position, frames, length);
        submit(() -> each(position, frames, length, this::transferIn), completion);
    }

    @Override
    public void write(long position, long[] frames, int length, Completion completion) {
        check(position, frames, length);
        writable();
        submit(() -> each(position, frames, length, this::transferOut), completion);
    }

    @FunctionalInterface
    private interface Part {
        void run(long position, long ramAddress, int length) throws IOException;
    }

    /** Does something for each run of frames that lie together. */
    private static void each(long position, long[] frames, int length, Part part) throws IOException {
        int done = 0;
        for (int i = 0; done < length; ) {
            int first = i++;
            while (i < frames.length && frames[i] == frames[i - 1] + Vpte.PAGE_SIZE) i++;
            int bytes = Math.min((i - first) * Vpte.PAGE_SIZE, length - done);
            part.run(position + done, frames[first], bytes);
            done += bytes;
        }
    }

    private void check(long position, long[] frames, int length) {
        if (length > (long) frames.length * Vpte.PAGE_SIZE) {
            throw new HostException(Reason.INVALID, path + ": " + length + " bytes in " + frames.length + " frames");
        }
        check(position, 0, length);
        int left = length;
        for (int i = 0; left > 0; left -= Vpte.PAGE_SIZE) check(0, frames[i++], Math.min(left, Vpte.PAGE_SIZE));
    }

    @Override
    public void flush(Completion completion) {
        submit(readOnly ? () -> {} : storage::flush, completion);
    }

    @Override
    public void read(long position, byte[] to, int offset, int length, Completion completion) {
        check(position, 0, length);
        ByteBuffer buffer = ByteBuffer.wrap(to, offset, length);
        submit(() -> storage.read(position, buffer), completion);
    }

    @Override
    public void write(long position, byte[] from, int offset, int length, Completion completion) {
        check(position, 0, length);
        writable();
        ByteBuffer buffer = ByteBuffer.wrap(from, offset, length);
        submit(() -> storage.write(position, buffer), completion);
    }

    @Override
    public void discard(long position, long length, Completion completion) {
        if (position < 0 || length < 0 || length > size - position) {
            throw new HostException(Reason.INVALID, path + ": a range beyond the end");
        }
        writable();
        submit(() -> storage.discard(position, length), completion);
    }

    private void writable() {
        if (readOnly) throw new HostException(Reason.INVALID, path + " is read-only");
    }

    private void transferIn(long position, long ramAddress, int length) throws IOException {
        ByteBuffer to = ram.buffer(ramAddress, length);
        ram.changing(ramAddress, length);
        try {
            storage.read(position, to);
        } finally {
            ram.changed(ramAddress, length);
        }
    }

    private void transferOut(long position, long ramAddress, int length) throws IOException {
        storage.write(position, ram.buffer(ramAddress, length));
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

    /** Stops serving the files, which stay open and locked, when the requests under way are done. */
    List<FileChannel> release() {
        if (!readOnly && !thread.isShutdown()) flush(failure -> {}); // an overlay's table is to be on the file, too
        thread.close();
        return storage.files();
    }

    @Override
    public void close() {
        try {
            HostFiles.close(release());
        } finally {
            closed.run();
        }
    }
}
