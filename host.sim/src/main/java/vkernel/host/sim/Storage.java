package vkernel.host.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/** The bytes of a disk: one host file, or one with an {@link Overlay} before it. Used by one thread. */
interface Storage {
    /** Bytes. */
    long size();

    void read(long position, ByteBuffer to) throws IOException;

    void write(long position, ByteBuffer from) throws IOException;

    /** Makes what was written durable. */
    void flush() throws IOException;

    /** Gives a range back; it reads as zeros, or as before. */
    void discard(long position, long length) throws IOException;

    /** What it lies in, to be served by another. */
    List<FileChannel> files();

    /** One host file. */
    record Plain(FileChannel file, long size) implements Storage {
        @Override
        public void read(long position, ByteBuffer to) throws IOException {
            fully(file, position, to);
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            long at = position;
            while (from.hasRemaining()) at += file.write(from, at);
        }

        @Override
        public void flush() throws IOException {
            file.force(false);
        }

        /** Java cannot punch holes into a file. */
        @Override
        public void discard(long position, long length) {}

        @Override
        public List<FileChannel> files() {
            return List.of(file);
        }
    }

    /** Fills a buffer from a file. @throws IOException when that ends before */
    static void fully(FileChannel file, long position, ByteBuffer to) throws IOException {
        long at = position;
        while (to.hasRemaining()) {
            int n = file.read(to, at);
            if (n < 0) throw new IOException("file has become shorter");
            at += n;
        }
    }
}
