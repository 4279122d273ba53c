package vkernel.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket as the other end of a terminal: one client at a time, the next when that one has gone. What is printed
 * while nobody is there is lost, as on a serial line.
 */
final class SocketConsole implements AutoCloseable {
    private final Path path;
    private final ServerSocketChannel server;
    private volatile @Nullable SocketChannel client;
    private volatile boolean closed;

    private SocketConsole(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    /** @throws IOException saying what is wrong, for instance that the address is in use */
    static SocketConsole listen(Path path) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            if (Files.exists(path) && nobodyListens(address)) {
                Files.delete(path); // left by a kernel that was killed
            }
            server.bind(address, 1);
            return new SocketConsole(path, server);
        } catch (BindException e) {
            server.close();
            throw new IOException(path + ": the address is in use", e);
        } catch (IOException e) {
            server.close();
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Whether it is a socket that nobody serves any more; another kind of file is left alone. */
    private static boolean nobodyListens(UnixDomainSocketAddress address) throws IOException {
        if (!Files.readAttributes(address.getPath(), java.nio.file.attribute.BasicFileAttributes.class)
                .isOther()) {
            return false;
        }
        try (SocketChannel probe = SocketChannel.open(address)) {
            return !probe.isConnected();
        } catch (java.net.ConnectException refused) {
            return true;
        }
    }

    InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                while (!closed) {
                    int n = from(to, offset, length);
                    if (n > 0) return n;
                }
                return -1;
            }
        };
    }

    /** @return bytes, or nothing when the client has gone */
    private int from(byte[] to, int offset, int length) throws IOException {
        SocketChannel now = client;
        try {
            if (now == null) {
                client = server.accept();
                return 0;
            }
            int n = now.read(ByteBuffer.wrap(to, offset, length));
            if (n < 0) gone(now);
            return n;
        } catch (IOException e) {
            if (now == null && !closed) throw e;
            if (now != null) gone(now);
            return 0;
        }
    }

    private void gone(SocketChannel who) throws IOException {
        client = null;
        who.close();
    }

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) {
                SocketChannel now = client;
                ByteBuffer bytes = ByteBuffer.wrap(from, offset, length);
                try {
                    while (now != null && bytes.hasRemaining()) {
                        now.write(bytes);
                    }
                } catch (IOException e) {
                    return; // the reader sees that the client has gone
                }
            }
        };
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        SocketChannel now = client;
        if (now != null) now.close();
        Files.deleteIfExists(path);
    }
}
