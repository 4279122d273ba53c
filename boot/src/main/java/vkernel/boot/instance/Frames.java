package vkernel.boot.instance;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What goes over a control socket: frames of a kind (a byte), a length (4 bytes, big endian) and as many bytes. The first
 * is a REQUEST, words each ended by a zero byte; then INPUT and SIGNAL one way, OUTPUT, ERRORS and one END the other; of
 * a client CALL one way, and RESULT to begin with and for each; of a dialogue LINE and COMPLETE one way, and an ANSWER for
 * each.
 */
public final class Frames implements Closeable {
    static final int REQUEST = 'q';
    static final int INPUT = 'i';
    static final int SIGNAL = 's';
    static final int OUTPUT = 'o';
    static final int ERRORS = 'e';
    static final int CALL = 'c';
    static final int RESULT = 'r';
    static final int LINE = 'l';
    static final int COMPLETE = 't';
    static final int ANSWER = 'a';
    static final int END = 'x';
    private static final int LONGEST = 1 << 20;

    /** One of them. */
    record Frame(int kind, byte[] content) {
        List<String> words() {
            String all = new String(content, StandardCharsets.UTF_8);
            return all.isEmpty() ? List.of() : Arrays.asList(all.split("\0"));
        }

        int number() {
            return ByteBuffer.wrap(content).getInt();
        }
    }

    private final SocketChannel socket;
    private final DataInputStream in;
    private final DataOutputStream out; // guarded by this

    Frames(SocketChannel socket) {
        this.socket = socket;
        in = new DataInputStream(Channels.newInputStream(socket));
        out = new DataOutputStream(Channels.newOutputStream(socket));
    }

    static Frames connect(Path control) throws IOException {
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.connect(UnixDomainSocketAddress.of(control));
            return new Frames(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** @throws EOFException when the other end has gone */
    Frame read() throws IOException {
        int kind = in.readUnsignedByte();
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a frame of " + length + " bytes");
        }
        byte[] content = new byte[length];
        in.readFully(content);
        return new Frame(kind, content);
    }

    synchronized void send(int kind, byte[] bytes, int offset, int length) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(length + 5);
        DataOutputStream data = new DataOutputStream(frame);
        data.writeByte(kind);
        data.writeInt(length);
        data.write(bytes, offset, length);
        frame.writeTo(out);
        out.flush();
    }

    void send(int kind, byte[] bytes) throws IOException {
        send(kind, bytes, 0, bytes.length);
    }

    void send(int kind, int number) throws IOException {
        send(kind, ByteBuffer.allocate(4).putInt(number).array());
    }

    void request(List<String> words) throws IOException {
        send(REQUEST, (String.join("\0", words) + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** A stream each of whose writes is a frame. */
    OutputStream stream(int kind) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int at = 0; at < length; at += LONGEST) {
                    send(kind, bytes, offset + at, Math.min(LONGEST, length - at));
                }
            }
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
