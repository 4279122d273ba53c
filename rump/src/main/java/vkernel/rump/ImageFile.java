package vkernel.rump;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import vkernel.host.BlockFile;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;

/** A file as a block device: each request is done before it returns. Locked against other users while it is open. */
final class ImageFile implements BlockFile {
    /** What a request does to the file. */
    @FunctionalInterface
    private interface Transfer {
        void run() throws IOException;
    }

    private final Path path;
    private final FileChannel file;
    private final boolean readOnly;
    private final RumpMemory memory;

    private ImageFile(Path path, FileChannel file, boolean readOnly, RumpMemory memory) {
        this.path = path;
        this.file = file;
        this.readOnly = readOnly;
        this.memory = memory;
    }

    static ImageFile open(Path path, boolean readOnly, RumpMemory memory) {
        Set<StandardOpenOption> how =
                readOnly ? Set.of(StandardOpenOption.READ) : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileChannel file = FileChannel.open(path, how);
            if (locked(file, readOnly)) {
                return new ImageFile(path, file, readOnly, memory);
            }
            file.close();
            throw new HostException(Reason.BUSY, path + " is in use");
        } catch (IOException e) {
            throw new HostException(Reason.IO, e.getMessage(), e);
        }
    }

    private static boolean locked(FileChannel file, boolean shared) throws IOException {
        try {
            return file.tryLock(0, Long.MAX_VALUE, shared) != null;
        } catch (OverlappingFileLockException here) {
            return shared;
        }
    }

    private void perform(long position, long length, Completion completion, Transfer transfer) {
        if (position < 0 || length < 0 || position > size() - length) {
            throw new HostException(Reason.INVALID, "bytes from " + position + " are outside " + path);
        }
        try {
            transfer.run();
        } catch (IOException e) {
            completion.done(new HostException(Reason.IO, path + ": " + e.getMessage(), e));
            return;
        }
        completion.done(null);
    }

    private void fill(long position, ByteBuffer to) throws IOException {
        long at = position;
        while (to.hasRemaining()) {
            int n = file.read(to, at);
            if (n < 0) {
                throw new IOException("it has become shorter");
            }
            at += n;
        }
    }

    private void drain(long position, ByteBuffer from) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += file.write(from, at);
        }
    }

    /** Within a page. */
    private ByteBuffer within(long address, int length) {
        return ByteBuffer.wrap(memory.memory(address), (int) (address % RumpMemory.PAGE), length);
    }

    /** A part of a transfer of pages. @param i which page */
    private ByteBuffer page(long[] frames, int i, int length) {
        return ByteBuffer.wrap(memory.memory(frames[i]), 0, Math.min(RumpMemory.PAGE, length - i * RumpMemory.PAGE));
    }

    @Override
    public long size() {
        try {
            return file.size();
        } catch (IOException e) {
            throw new HostException(Reason.IO, path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public String serial() {
        return String.valueOf(path.getFileName());
    }

    @Override
    public void read(long position, long ramAddress, int length, Completion completion) {
        perform(position, length, completion, () -> fill(position, within(ramAddress, length)));
    }

    @Override
    public void write(long position, long ramAddress, int length, Completion completion) {
        perform(position, length, completion, () -> drain(position, within(ramAddress, length)));
    }

    @Override
    public void read(long position, long[] frames, int length, Completion completion) {
        perform(position, length, completion, () -> {
            for (int i = 0; i * RumpMemory.PAGE < length; i++) {
                fill(position + (long) i * RumpMemory.PAGE, page(frames, i, length));
            }
        });
    }

    @Override
    public void write(long position, long[] frames, int length, Completion completion) {
        perform(position, length, completion, () -> {
            for (int i = 0; i * RumpMemory.PAGE < length; i++) {
                drain(position + (long) i * RumpMemory.PAGE, page(frames, i, length));
            }
        });
    }

    @Override
    public void read(long position, byte[] to, int offset, int length, Completion completion) {
        perform(position, length, completion, () -> fill(position, ByteBuffer.wrap(to, offset, length)));
    }

    @Override
    public void write(long position, byte[] from, int offset, int length, Completion completion) {
        perform(position, length, completion, () -> drain(position, ByteBuffer.wrap(from, offset, length)));
    }

    /** The bytes stay as they are. */
    @Override
    public void discard(long position, long length, Completion completion) {
        perform(position, length, completion, () -> {});
    }

    @Override
    public void flush(Completion completion) {
        perform(0, 0, completion, () -> file.force(false));
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new HostException(Reason.IO, path + ": " + e.getMessage(), e);
        }
    }
}
